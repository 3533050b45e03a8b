// Package ambittest decides how a whole Ambit runs inside somebody's Go test: in memory, on a free port of this machine, with every
// request signed, authorised and explained as by a server of its own.
//
//	a := ambittest.Start(t)
//	client := iam.NewFromConfig(a.Admin())
//	_, err := client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("Ada")})
//
// Two Ambits know nothing of each other, so that tests can run in parallel.
package ambittest
