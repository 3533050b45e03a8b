package iam

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Service returns IAM.
func Service() service.Service {
	return service.Service{
		Name:   "iam",
		Unions: []wire.Union{policyIdentifiers()},
		Facts:  facts,
		Fact:   fact,
		Find:   find,
		Gather: gather,
		Handlers: slices.Concat(
			userHandlers(),
			accessKeyHandlers(),
			groupHandlers(),
			loginHandlers(),
			mfaHandlers(),
			credentialHandlers(),
			oidcProviderHandlers(),
			samlProviderHandlers(),
			serverCertificateHandlers(),
			accountHandlers(),
			roleHandlers(),
			policyHandlers(),
			instanceProfileHandlers(),
			serviceLinkedRoleHandlers(),
			[]service.Handler{getAccountAuthorizationDetails.Named("GetAccountAuthorizationDetails")},
			simulationHandlers(),
		),
	}
}
