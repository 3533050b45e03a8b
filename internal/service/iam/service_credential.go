package iam

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func serviceCredentialHandlers() []service.Handler {
	return []service.Handler{
		createServiceSpecificCredential.Named("CreateServiceSpecificCredential"),
		listServiceSpecificCredentials.Named("ListServiceSpecificCredentials"),
		updateServiceSpecificCredential.Named("UpdateServiceSpecificCredential"),
		resetServiceSpecificCredential.Named("ResetServiceSpecificCredential"),
		deleteServiceSpecificCredential.Named("DeleteServiceSpecificCredential"),
	}
}

// credentialServices are the services that take such credentials ("Service-specific credentials for IAM users", IAM User Guide), and
// whether those are a name and a password. API keys, which are sent as they are, are not served.
var credentialServices = map[string]bool{
	"codecommit.amazonaws.com": true, "cassandra.amazonaws.com": true, "bedrock.amazonaws.com": false, "logs.amazonaws.com": false,
}

var serviceCredentialID = service.NewPattern(`^\w+$`)

func (i *input) serviceCredential(value *string) {
	i.Required("serviceSpecificCredentialId", value)
	i.Length("serviceSpecificCredentialId", value, 20, 128)
	i.Pattern("serviceSpecificCredentialId", value, serviceCredentialID, `[\w]+`)
}

// A newCredential is what a service credential is drawn from.
type newCredential struct {
	id       identity.UniqueID
	password identity.Secret
}

var createServiceSpecificCredential = service.Writing[iam.CreateServiceSpecificCredentialInput, newCredential]{
	Check: func(in *iam.CreateServiceSpecificCredentialInput) error {
		var i input
		i.user(in.UserName)
		i.Required("serviceName", in.ServiceName)
		i.Between("credentialAgeDays", in.CredentialAgeDays, 1, 36600)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateServiceSpecificCredentialInput) (newCredential, error) {
		return newCredential{identity.NewServiceCredentialID(), identity.NewSecret()}, nil
	},
	Act: actCreateServiceSpecificCredential,
}

func actCreateServiceSpecificCredential(
	c *service.Call, in *iam.CreateServiceSpecificCredentialInput, drawn newCredential, tx identity.Tx,
) (service.Answer, error) {
	var shown *types.ServiceSpecificCredential
	err := changeCredentials(c, tx, in.UserName, func(u identity.User, have *identity.UserCredentials) error {
		withPassword, known := credentialServices[*in.ServiceName]
		switch {
		case !known:
			return service.NotFound("NoSuchEntity", "No such service "+*in.ServiceName+" is supported for Service Specific Credentials")
		case !withPassword:
			return &service.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
				Message: "Ambit does not serve API keys of " + *in.ServiceName + " yet."}
		case in.CredentialAgeDays != nil:
			return service.BadRequest("ValidationError", "CredentialAgeDays is not supported for "+*in.ServiceName+".")
		}
		taken := 0
		for _, e := range have.Services {
			if e.Service == *in.ServiceName {
				taken++
			}
		}
		if taken >= serviceCredentials {
			return &identity.LimitError{Quota: "ServiceSpecificCredentialsPerUser", Limit: serviceCredentials, Kind: identity.KindUser, Name: u.Name}
		}
		made := identity.ServiceCredential{
			ID: drawn.id, Service: *in.ServiceName, Login: freeLogin(u, c.Account(), have.Services), Active: true, Created: c.Now(), Changed: c.Now(),
		}
		made.Sealed = tx.SealPassword(made, drawn.password)
		have.Services, shown = append(have.Services, made), shownServiceCredential(u, made, drawn.password)
		return nil
	})
	return service.Body(&iam.CreateServiceSpecificCredentialOutput{ServiceSpecificCredential: shown}), err
}

// freeLogin is the name for the service: USER-at-ACCOUNT, with a number after the user for further ones (data type
// ServiceSpecificCredential).
func freeLogin(u identity.User, account string, taken []identity.ServiceCredential) string {
	for n := 0; ; n++ {
		login := u.Name
		if n > 0 {
			login += "+" + strconv.Itoa(n)
		}
		login += "-at-" + account
		if !slices.ContainsFunc(taken, func(e identity.ServiceCredential) bool { return e.Login == login }) {
			return login
		}
	}
}

// shownServiceCredential tells the password, the only time that anybody is told.
func shownServiceCredential(u identity.User, e identity.ServiceCredential, password identity.Secret) *types.ServiceSpecificCredential {
	told := password.Reveal()
	return &types.ServiceSpecificCredential{
		UserName: &u.Name, ServiceSpecificCredentialId: (*string)(&e.ID), ServiceName: &e.Service, ServiceUserName: &e.Login,
		ServicePassword: &told, Status: status(e.Active), CreateDate: &e.Created,
	}
}

var listServiceSpecificCredentials = service.Reading[iam.ListServiceSpecificCredentialsInput]{
	Check: func(in *iam.ListServiceSpecificCredentialsInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		i.page(in.Marker, in.MaxItems)
		if in.AllUsers != nil && *in.AllUsers && in.UserName != nil {
			i.refuse("ValidationError", "UserName cannot be specified together with AllUsers.")
		}
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListServiceSpecificCredentialsInput, r identity.Reader) (service.Answer, error) {
		var all []types.ServiceSpecificCredentialMetadata
		add := func(u identity.User, have identity.UserCredentials) {
			for _, e := range have.Services {
				if in.ServiceName == nil || *in.ServiceName == e.Service {
					all = append(all, types.ServiceSpecificCredentialMetadata{
						UserName: &u.Name, ServiceSpecificCredentialId: (*string)(&e.ID), ServiceName: &e.Service, ServiceUserName: &e.Login,
						Status: status(e.Active), CreateDate: &e.Created,
					})
				}
			}
		}
		if err := eachWithCredentials(c, r, in, add); err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, all,
			func(e types.ServiceSpecificCredentialMetadata) string {
				return identity.FoldName(*e.UserName) + "/" + *e.ServiceSpecificCredentialId
			},
			func(e types.ServiceSpecificCredentialMetadata) types.ServiceSpecificCredentialMetadata { return e })
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListServiceSpecificCredentialsOutput{
			ServiceSpecificCredentials: p.items, IsTruncated: p.truncated, Marker: p.marker(),
		}), nil
	},
}

// eachWithCredentials goes through the user whom a list is about, or all of them.
func eachWithCredentials(
	c *service.Call, r identity.Reader, in *iam.ListServiceSpecificCredentialsInput, add func(identity.User, identity.UserCredentials),
) error {
	if in.AllUsers == nil || !*in.AllUsers {
		u, have, err := credentialsOf(c, r, in.UserName)
		if err == nil {
			add(u, have)
		}
		return err
	}
	for u, err := range r.Users("") {
		if err != nil {
			return err
		}
		_, have, err := r.UserCredentials(u.Name)
		if err != nil {
			return err
		}
		add(u, have)
	}
	return nil
}

// serviceCredential finds a credential among those of a user (RECORDED, id absent).
func serviceCredential(have *identity.UserCredentials, id string) (int, error) {
	return place(have.Services, func(e identity.ServiceCredential) identity.UniqueID { return e.ID }, id,
		service.NotFound("NoSuchEntity", "No such credential "+id+" exists"))
}

// changeServiceCredential changes one credential of the user that a call names, or of the calling user.
func changeServiceCredential(
	c *service.Call, tx identity.Tx, user, id *string, change func(identity.User, *identity.UserCredentials, int),
) error {
	return changeCredentials(c, tx, user, func(u identity.User, have *identity.UserCredentials) error {
		i, err := serviceCredential(have, *id)
		if err == nil {
			change(u, have, i)
		}
		return err
	})
}

var updateServiceSpecificCredential = service.Writing[iam.UpdateServiceSpecificCredentialInput, struct{}]{
	Check: func(in *iam.UpdateServiceSpecificCredentialInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		i.serviceCredential(in.ServiceSpecificCredentialId)
		i.status(in.Status)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.UpdateServiceSpecificCredentialInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := changeServiceCredential(c, tx, in.UserName, in.ServiceSpecificCredentialId,
			func(_ identity.User, have *identity.UserCredentials, i int) {
				have.Services[i].Active = in.Status == types.StatusTypeActive
			})
		return service.Body(&iam.UpdateServiceSpecificCredentialOutput{}), err
	},
}

var resetServiceSpecificCredential = service.Writing[iam.ResetServiceSpecificCredentialInput, identity.Secret]{
	Check: func(in *iam.ResetServiceSpecificCredentialInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		i.serviceCredential(in.ServiceSpecificCredentialId)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.ResetServiceSpecificCredentialInput) (identity.Secret, error) {
		return identity.NewSecret(), nil
	},
	Act: func(c *service.Call, in *iam.ResetServiceSpecificCredentialInput, password identity.Secret, tx identity.Tx) (service.Answer, error) {
		var shown *types.ServiceSpecificCredential
		err := changeServiceCredential(c, tx, in.UserName, in.ServiceSpecificCredentialId,
			func(u identity.User, have *identity.UserCredentials, i int) {
				e := &have.Services[i]
				e.Changed = c.Now()
				e.Sealed = tx.SealPassword(*e, password)
				shown = shownServiceCredential(u, *e, password)
			})
		return service.Body(&iam.ResetServiceSpecificCredentialOutput{ServiceSpecificCredential: shown}), err
	},
}

var deleteServiceSpecificCredential = service.Writing[iam.DeleteServiceSpecificCredentialInput, struct{}]{
	Check: func(in *iam.DeleteServiceSpecificCredentialInput) error {
		var i input
		i.optionalName("userName", in.UserName, 64)
		i.serviceCredential(in.ServiceSpecificCredentialId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeleteServiceSpecificCredentialInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := changeServiceCredential(c, tx, in.UserName, in.ServiceSpecificCredentialId,
			func(_ identity.User, have *identity.UserCredentials, i int) {
				have.Services = slices.Delete(have.Services, i, i+1)
			})
		return service.Body(&iam.DeleteServiceSpecificCredentialOutput{}), err
	},
}

// gather finds the service of the credential that a call is about, for iam:ServiceSpecificCredentialServiceName. A credential that
// is not there has none.
func gather(c *service.Call, r identity.Reader) (service.Gathered, error) {
	var user, id *string
	switch in := c.Input.Value.(type) {
	case *iam.UpdateServiceSpecificCredentialInput:
		user, id = in.UserName, in.ServiceSpecificCredentialId
	case *iam.ResetServiceSpecificCredentialInput:
		user, id = in.UserName, in.ServiceSpecificCredentialId
	case *iam.DeleteServiceSpecificCredentialInput:
		user, id = in.UserName, in.ServiceSpecificCredentialId
	default: // it is about to be made, and the input says for which service
		return service.Gathered{}, nil
	}
	_, have, err := credentialsOf(c, r, user)
	if err != nil {
		return service.Gathered{}, ignoreAbsent(err)
	}
	i, err := serviceCredential(&have, *id)
	if err != nil {
		return service.Gathered{}, nil //nolint:nilerr // existence is told after authorisation
	}
	return service.Gathered{Texts: map[string]string{"iam:ServiceSpecificCredentialServiceName": have.Services[i].Service}}, nil
}
