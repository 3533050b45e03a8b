package iam

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns IAM.
func Service() service.Service {
	return service.Service{
		Name: "iam",
		Handlers: slices.Concat(
			userHandlers(),
			accessKeyHandlers(),
			groupHandlers(),
			roleHandlers(),
			policyHandlers(),
		),
	}
}
