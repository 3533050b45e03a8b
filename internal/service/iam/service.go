package iam

import "github.com/ambit-iam/ambit/internal/service"

// Service returns IAM.
func Service() service.Service {
	return service.Service{
		Name: "iam",
		Handlers: []service.Handler{
			createPolicy.Named("CreatePolicy"),
			getPolicy.Named("GetPolicy"),
			createRole.Named("CreateRole"),
			getRole.Named("GetRole"),
			attachRolePolicy.Named("AttachRolePolicy"),
			putRolePolicy.Named("PutRolePolicy"),
			createUser.Named("CreateUser"),
			getUser.Named("GetUser"),
			attachUserPolicy.Named("AttachUserPolicy"),
			createAccessKey.Named("CreateAccessKey"),
		},
	}
}
