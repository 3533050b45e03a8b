package service_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// launch is the least of the input of RunInstances that its row speaks of.
type launch struct {
	TagSpecifications []struct {
		ResourceType *string
		Tags         []struct{ Key, Value *string }
	}
}

// launcher is EC2 as far as it gathers.
func launcher(gather func(*service.Call, identity.Reader) (service.Gathered, error), facts ...string) service.Service {
	return service.Service{
		Name: "ec2", Facts: facts, Gather: gather,
		Handlers: []service.Handler{service.Writing[launch, struct{}]{
			Act: func(*service.Call, *launch, struct{}, identity.Tx) (service.Answer, error) {
				return service.Answer{}, nil
			},
		}.Named("RunInstances")},
	}
}

var launchFacts = []string{
	"ImageId", "InstanceProfileArn", "InstanceTags", "LaunchTemplateId", "NetworkInterfaceTags", "SecurityGroupIds",
	"SubnetIds", "VolumeTags", "Volumes",
}

// TestGathered: what a service works out decides which questions are asked, of what, and with which tags.
func TestGathered(t *testing.T) {
	t.Parallel()
	g := registry(t)
	table, err := service.NewTable(launcher(func(c *service.Call, r identity.Reader) (service.Gathered, error) {
		if r.Account() != c.Account() {
			t.Errorf("gathered in %s", r.Account())
		}
		return service.Gathered{
			Texts: map[string]string{"ImageId": "ami-1", "ec2:InstanceType": "t3.micro"},
			Lists: map[string][]string{"SubnetIds": {"subnet-1"}, "SecurityGroupIds": {"sg-1", "sg-2"}, "Volumes": {"0"}},
			Tags:  map[string][]identity.Tag{"InstanceTags": {{Key: "Team", Value: "blue"}}},
		}, nil
	}, launchFacts...))
	if err != nil {
		t.Fatal(err)
	}
	o, _ := table.Find("ec2", "RunInstances")
	in, err := o.InputOf(&launch{})
	if err != nil {
		t.Fatal(err)
	}
	c := &service.Call{Operation: o, Caller: user(), Input: in, Environment: authz.Environment{Region: "eu-central-1", Time: now}, Identities: g}
	var got []string
	err = g.View(context.Background(), account, func(r identity.Reader) error {
		list, err := o.Questions(c, r)
		for _, a := range list {
			line := a.Action.String() + " " + a.Resource
			for _, k := range a.Keys {
				if name := k.Key.String(); name != "ec2:Region" {
					line += " " + name + "=" + k.Value + strings.Join(k.Values, "|")
				}
			}
			got = append(got, line)
			if a.Err != nil {
				t.Error(a.Err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const ec2 = "ec2:RunInstances arn:aws:ec2:eu-central-1:"
	want := []string{
		ec2 + "123456789012:instance/* aws:RequestTag/Team=blue aws:TagKeys=Team ec2:InstanceType=t3.micro",
		ec2 + ":image/ami-1",
		ec2 + "123456789012:subnet/subnet-1",
		ec2 + "123456789012:security-group/sg-1",
		ec2 + "123456789012:security-group/sg-2",
		ec2 + "123456789012:network-interface/*",
		ec2 + "123456789012:volume/*",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
}

// TestGatheringCanRefuse: what cannot be worked out is told before anything is asked.
func TestGatheringCanRefuse(t *testing.T) {
	t.Parallel()
	refusal := service.BadRequest("InvalidParameterValue", "no")
	table, err := service.NewTable(launcher(func(*service.Call, identity.Reader) (service.Gathered, error) {
		return service.Gathered{}, refusal
	}, launchFacts...))
	if err != nil {
		t.Fatal(err)
	}
	o, _ := table.Find("ec2", "RunInstances")
	g := registry(t)
	err = g.View(context.Background(), account, func(r identity.Reader) error {
		_, err := o.Questions(&service.Call{Operation: o, Caller: user(), Identities: g}, r)
		return err
	})
	if !errors.Is(err, refusal) {
		t.Errorf("got %v, want %v", err, refusal)
	}
}

// TestTagsThatNobodyGathersBindNothing: a list of tags that a row names is a fact like others.
func TestTagsThatNobodyGathersBindNothing(t *testing.T) {
	t.Parallel()
	i := slices.Index(launchFacts, "VolumeTags")
	_, err := service.NewTable(launcher(nil, slices.Delete(slices.Clone(launchFacts), i, i+1)...))
	if err == nil || !strings.Contains(err.Error(), "Service.VolumeTags") {
		t.Errorf("bound: %v", err)
	}
}
