package lambda

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Concurrency of an account in a region (Developer Guide, "Lambda quotas"), of which a part is nobody's own.
const (
	accountConcurrency = 1000
	leastUnreserved    = 100
)

type putConcurrencyInput struct {
	FunctionName                 *string `from:"path"`
	ReservedConcurrentExecutions *int32
}

var putConcurrency = service.Writing[putConcurrencyInput, string]{
	Check: func(in *putConcurrencyInput) error {
		var c constraints
		c.name(in.FunctionName)
		c.Present("reservedConcurrentExecutions", in.ReservedConcurrentExecutions != nil)
		c.Between("reservedConcurrentExecutions", in.ReservedConcurrentExecutions, 0, 1<<31-1)
		return c.err()
	},
	Draw: func(*service.Call, *putConcurrencyInput) (string, error) { return newID(), nil },
	Act: func(c *service.Call, in *putConcurrencyInput, id string, tx identity.Tx) (service.Answer, error) {
		p, f, err := changing(c, tx, *in.FunctionName, nil)
		if err != nil {
			return service.Answer{}, err
		}
		functions, err := all[function](tx.Reader, functionPrefix(p.region))
		if err != nil {
			return service.Answer{}, err
		}
		left := int64(accountConcurrency) - int64(*in.ReservedConcurrentExecutions)
		for i := range functions {
			if functions[i].Name != f.Name && functions[i].Reserved != nil {
				left -= int64(*functions[i].Reserved)
			}
		}
		if left < leastUnreserved {
			return service.Answer{}, invalid("Specified ReservedConcurrentExecutions for function decreases account's " +
				"UnreservedConcurrentExecution below its minimum value of [100].")
		}
		f.Reserved, f.Latest.RevisionID = in.ReservedConcurrentExecutions, id
		return service.Body(&concurrency{f.Reserved}), writeFunction(tx, p, &f)
	},
}

var deleteConcurrency = service.Writing[functionInput, string]{
	Check: (*functionInput).check,
	Draw:  func(*service.Call, *functionInput) (string, error) { return newID(), nil },
	Act: func(c *service.Call, in *functionInput, id string, tx identity.Tx) (service.Answer, error) {
		p, f, err := changing(c, tx, *in.FunctionName, nil)
		if err != nil {
			return service.Answer{}, err
		}
		f.Reserved, f.Latest.RevisionID = nil, id
		return service.Answer{Status: 204}, writeFunction(tx, p, &f)
	},
}

var getConcurrency = service.Reading[functionInput]{
	Check: (*functionInput).check,
	Act: func(c *service.Call, in *functionInput, r identity.Reader) (service.Answer, error) {
		p, err := wholeFunction(c, *in.FunctionName)
		if err != nil {
			return service.Answer{}, err
		}
		f, exists, err := readFunction(r, p)
		if err != nil || !exists {
			return service.Answer{}, orElse(err, functionNotFound(p))
		}
		return service.Body(&concurrency{f.Reserved}), nil
	},
}

type accountSettingsOutput struct {
	AccountLimit accountLimit
	AccountUsage accountUsage
}

type accountLimit struct {
	CodeSizeUnzipped, CodeSizeZipped                     int64
	ConcurrentExecutions, UnreservedConcurrentExecutions int32
	TotalCodeSize                                        int64
}

type accountUsage struct{ FunctionCount, TotalCodeSize int64 }

var getAccountSettings = service.Reading[struct{}]{
	Act: func(c *service.Call, _ *struct{}, r identity.Reader) (service.Answer, error) {
		functions, err := all[function](r, functionPrefix(c.Environment.Region))
		if err != nil {
			return service.Answer{}, err
		}
		versions, err := all[revision](r, "lambda:version/"+c.Environment.Region+"/")
		if err != nil {
			return service.Answer{}, err
		}
		out := accountSettingsOutput{
			AccountLimit: accountLimit{mostUnzipped, mostZipped, accountConcurrency, accountConcurrency, 75 << 30},
			AccountUsage: accountUsage{FunctionCount: int64(len(functions))},
		}
		for i := range functions {
			out.AccountUsage.TotalCodeSize += functions[i].Latest.Code.Size
			if functions[i].Reserved != nil {
				out.AccountLimit.UnreservedConcurrentExecutions -= *functions[i].Reserved
			}
		}
		for i := range versions {
			out.AccountUsage.TotalCodeSize += versions[i].Code.Size
		}
		return service.Body(&out), nil
	},
}
