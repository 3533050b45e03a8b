package wire_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

// lookups are the same AssumeRole input in three spellings; every Lookup must say the same of each.
func lookups(t *testing.T) map[string]wire.Lookup {
	t.Helper()
	form, err := wire.ParseForm([]byte("RoleArn=arn:aws:iam::123456789012:role/r&DurationSeconds=900&ExternalId=" +
		"&Tags.member.1.Key=team&Tags.member.1.Value=red&Tags.member.2.Key=x&Tags.member.2.Value=" +
		"&TransitiveTagKeys.member.1=team&TransitiveTagKeys.member.2=x&PolicyArns="))
	if err != nil {
		t.Fatal(err)
	}
	var decoded sts.AssumeRoleInput
	codec := wire.NewCodec()
	if _, err := codec.DecodeQuery(form, wire.AWSQuery, &decoded); err != nil {
		t.Fatal(err)
	}
	json, err := wire.ParseJSON([]byte(`{"RoleArn": "arn:aws:iam::123456789012:role/r", "DurationSeconds": 900, "ExternalId": "",
		"Tags": [{"Key": "team", "Value": "red"}, {"Key": "x", "Value": ""}], "TransitiveTagKeys": ["team", "x"], "PolicyArns": [],
		"Policy": null}`))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]wire.Lookup{"form": form.Members(wire.AWSQuery), "struct": codec.Members(&decoded), "json": json}
}

func TestLookupsAgree(t *testing.T) {
	t.Parallel()
	for name, l := range lookups(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				member, want string
				ok           bool
			}{
				{"RoleArn", "arn:aws:iam::123456789012:role/r", true}, {"DurationSeconds", "900", true}, {"ExternalId", "", true},
				{"Policy", "", false}, {"SourceIdentity", "", false}, {"Tags", "", false}, {"RoleArn.Nested", "", false}, {"", "", false},
				{"Nothing.Nested", "", false},
			} {
				if c.member == "Tags" && name == "form" {
					continue
				}
				if got, ok := l.String(c.member); got != c.want || ok != c.ok {
					t.Errorf("String(%q) = %q, %v", c.member, got, ok)
				}
			}
			if got, ok := l.Pairs("Tags"); !ok || !cmp.Equal(got, []wire.Pair{{Key: "team", Value: "red"}, {Key: "x", Value: ""}}) {
				t.Errorf("Pairs(Tags) = %v, %v", got, ok)
			}
			if got, ok := l.Strings("TransitiveTagKeys"); !ok || !cmp.Equal(got, []string{"team", "x"}) {
				t.Errorf("Strings(TransitiveTagKeys) = %v, %v", got, ok)
			}
			if got, ok := l.Strings("PolicyArns"); !ok || len(got) != 0 {
				t.Errorf("Strings(PolicyArns) = %v, %v, want an empty list that is present", got, ok)
			}
			for _, absent := range []string{"ProvidedContexts", "RoleArn"} {
				if got, ok := l.Strings(absent); ok {
					t.Errorf("Strings(%s) = %v", absent, got)
				}
				if got, ok := l.Pairs(absent); ok {
					t.Errorf("Pairs(%s) = %v", absent, got)
				}
				if got := l.Elements(absent); len(got) > 0 {
					t.Errorf("Elements(%s) = %v", absent, got)
				}
			}
			if got, ok := l.Pairs("TransitiveTagKeys"); ok {
				t.Errorf("Pairs of scalars: %v", got)
			}
			if got, ok := l.Strings("Tags"); ok {
				t.Errorf("Strings of structures: %v", got)
			}
			keys := l.Elements("TransitiveTagKeys")
			if v, ok := keys[1].String(""); len(keys) != 2 || !ok || v != "x" {
				t.Errorf("second element is %q, %v", v, ok)
			}
			tags := l.Elements("Tags")
			if v, ok := tags[0].String("Value"); len(tags) != 2 || !ok || v != "red" {
				t.Errorf("value of the first tag is %q, %v", v, ok)
			}
			if _, ok := tags[0].String(""); ok {
				t.Error("a structure is no scalar")
			}
		})
	}
}

func TestFormLookupKnowsEC2(t *testing.T) {
	t.Parallel()
	form, err := wire.ParseForm([]byte("InstanceId.1=i-1&InstanceId.2=i-2&IamInstanceProfile.Arn=arn&TagSpecification.1.ResourceType=instance" +
		"&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b&Address.1=no"))
	if err != nil {
		t.Fatal(err)
	}
	l := form.Members(wire.EC2Query)
	if got, ok := l.Strings("InstanceIds"); !ok || !cmp.Equal(got, []string{"i-1", "i-2"}) {
		t.Errorf("InstanceIds: %v, %v", got, ok)
	}
	if got, ok := l.String("IamInstanceProfile.Arn"); !ok || got != "arn" {
		t.Errorf("IamInstanceProfile.Arn: %q, %v", got, ok)
	}
	specs := l.Elements("TagSpecifications")
	if len(specs) != 1 {
		t.Fatal(len(specs))
	}
	if got, ok := specs[0].Pairs("Tags"); !ok || !cmp.Equal(got, []wire.Pair{{Key: "a", Value: "b"}}) {
		t.Errorf("Tags: %v, %v", got, ok)
	}
	if _, ok := l.Strings("VolumeIds"); ok {
		t.Error("VolumeIds is absent")
	}
}

func TestStructLookupNestsAndSpells(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	l := wire.NewCodec().Members(iam.GetRoleOutput{Role: &iamtypes.Role{
		RoleName: aws.String("r"), CreateDate: &at, PermissionsBoundary: &iamtypes.AttachedPermissionsBoundary{
			PermissionsBoundaryType: iamtypes.PermissionsBoundaryAttachmentTypePolicy,
		},
	}})
	for member, want := range map[string]string{
		"Role.RoleName": "r", "Role.CreateDate": "2026-01-02T02:04:05Z",
		"Role.PermissionsBoundary.PermissionsBoundaryType": "PermissionsBoundaryPolicy",
	} {
		if got, ok := l.String(member); !ok || got != want {
			t.Errorf("String(%s) = %q, %v", member, got, ok)
		}
	}
	if got, ok := l.String("Role.PermissionsBoundary.PermissionsBoundaryArn"); ok {
		t.Errorf("absent member is %q", got)
	}
	arns := wire.NewCodec().Members(&sts.AssumeRoleInput{PolicyArns: []ststypes.PolicyDescriptorType{{Arn: aws.String("x")}}}).Elements("PolicyArns")
	for _, spelling := range []string{"Arn", "arn"} {
		if got, ok := arns[0].String(spelling); !ok || got != "x" {
			t.Errorf("%s: %q, %v", spelling, got, ok)
		}
	}
	for _, nothing := range []any{nil, 7, (*iam.GetRoleOutput)(nil)} {
		if got, ok := wire.NewCodec().Members(nothing).String("Role.RoleName"); ok {
			t.Errorf("%v has a role %q", nothing, got)
		}
	}
}

func TestJSONThatIsRefused(t *testing.T) {
	t.Parallel()
	deep := ""
	for range 200 {
		deep += `{"a":`
	}
	for name, body := range map[string]string{
		"not JSON": `{"a":`, "array": `[]`, "scalar": `1`, "two objects": `{} {}`, "duplicate key": `{"a":1,"a":2}`,
		"duplicate key, escaped": `{"a":1,"\u0061":2}`, "duplicate key inside": `{"a":[{"b":1,"b":1}]}`, "deep": deep,
		"invalid UTF-8": "{\"a\":\"\xff\"}", "trailing comma": `{"a":1,}`, "bare word": `{a:1}`,
	} {
		_, err := wire.ParseJSON([]byte(body))
		if f := faultOf(t, err); f.Code != "SerializationException" || f.Status != 400 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if l, err := wire.ParseJSON(nil); err != nil {
		t.Errorf("empty body: %v", err)
	} else if _, ok := l.String("a"); ok {
		t.Error("an empty body has a member")
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{"TableName":"t","Key":{"id":{"S":"1"}}}`, `{"a":1,"a":2}`, `[[[[`, `{"a":[1,true,null,"x"]}`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		l, err := wire.ParseJSON(body)
		if err != nil {
			faultOf(t, err)
			return
		}
		l.String("TableName")
		l.Strings("a")
		l.Pairs("a")
	})
}
