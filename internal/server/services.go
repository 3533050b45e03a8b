package server

import (
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/ambit"
	"github.com/ambit-iam/ambit/internal/service/cloudtrail"
	"github.com/ambit-iam/ambit/internal/service/dynamodb"
	"github.com/ambit-iam/ambit/internal/service/ec2"
	"github.com/ambit-iam/ambit/internal/service/iam"
	"github.com/ambit-iam/ambit/internal/service/lambda"
	"github.com/ambit-iam/ambit/internal/service/logs"
	"github.com/ambit-iam/ambit/internal/service/s3"
	"github.com/ambit-iam/ambit/internal/service/ssm"
	"github.com/ambit-iam/ambit/internal/service/sts"
)

// Table returns every operation that this server knows, with the handlers of all services. A new service is one line here.
func Table() (*service.Table, error) { return table(trail{}) }

func table(t trail) (*service.Table, error) {
	return service.NewTable(
		ambit.Service(t, inside{t.server}, t.first()),
		cloudtrail.Service(t),
		iam.Service(),
		sts.Service(),
		ec2.Service(inside{t.server}),
		s3.Service(),
		dynamodb.Service(),
		lambda.Service(inside{t.server}.functions),
		logs.Service(),
		ssm.Service(),
	)
}
