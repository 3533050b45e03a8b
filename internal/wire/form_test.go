package wire_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
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

func faultOf(t testing.TB, err error) *wire.Fault {
	t.Helper()
	var f *wire.Fault
	if !errors.As(err, &f) {
		t.Fatalf("error is %T %v, want a *Fault", err, err)
	}
	return f
}

// decode reads a form into a struct and fails the test if it cannot.
func decode(t *testing.T, form string, p wire.Protocol, into any) (unknown []string) {
	t.Helper()
	f, err := wire.ParseForm([]byte(form))
	if err != nil {
		t.Fatal(err)
	}
	unknown, err = wire.NewCodec().DecodeQuery(f, p, into)
	if err != nil {
		t.Fatal(err)
	}
	return unknown
}

func TestFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, form, code, place string }{
		{"bad percent encoding in a value", "UserName=%zz", "MalformedQueryString", "UserName"},
		{"percent sign at the end", "UserName=a%2", "MalformedQueryString", "UserName"},
		{"bad percent encoding in a name", "User%Name=a", "MalformedQueryString", "User%Name"},
		{"invalid UTF-8", "UserName=%ff", "MalformedQueryString", ""},
		{"UTF-8 split over name and value", "UserName%c3=%a9", "MalformedQueryString", ""},
		{"scalar twice", "UserName=a&UserName=b", "MalformedInput", "UserName"},
		{"scalar twice, apart", "UserName=a&Path=/&UserName=a", "MalformedInput", "UserName"},
		{"scalar twice in two spellings", "UserName=a&User%4eame=b", "MalformedInput", "UserName"},
		{"action twice", "Action=GetUser&Action=DeleteUser", "MalformedInput", "Action"},
		{"version twice", "Version=1&Version=2", "MalformedInput", "Version"},
		{"list element twice", "Tags.member.1.Key=a&Tags.member.1.Key=b", "MalformedInput", "Tags.member.1.Key"},
		{"index zero", "Tags.member.0.Key=a", "MalformedInput", "Tags.member.0.Key"},
		{"index with a leading zero", "Tags.member.01.Key=a", "MalformedInput", "Tags.member.01.Key"},
		{"index beyond 32 bits", "Tags.member.4294967295.Key=a", "MalformedInput", "Tags.member.4294967295.Key"},
		{"index beyond 64 bits", "Tags.member.99999999999999999999999.Key=a", "MalformedInput", "Tags.member.99999999999999999999999.Key"},
		{"empty name", "=a", "MalformedInput", ""},
		{"empty segment", "Tags..1=a", "MalformedInput", "Tags..1"},
		{"ends in a dot", "Tags.=a", "MalformedInput", "Tags."},
		{"too deep", strings.Repeat("a.", 16) + "a=1", "MalformedInput", strings.Repeat("a.", 16) + "a"},
		{"too long a name", strings.Repeat("a", 513) + "=1", "MalformedInput", strings.Repeat("a", 128) + "…"},
		{"too many parameters", strings.Repeat("a=1&", 20_001), "MalformedQueryString", ""},
		{"too large", strings.Repeat("a", 4<<20+1), "MalformedQueryString", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := wire.ParseForm([]byte(c.form))
			if f := faultOf(t, err); f.Code != c.code || f.Place != c.place || f.Status < 400 || f.Message == "" {
				t.Errorf("got %+v, want %s at %q", f, c.code, c.place)
			}
		})
	}
}

func TestParametersThatDoNotFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form, place string
		into              any
	}{
		{"list without its first element", "Tags.member.2.Key=a", "Tags.member.2.Key", &iam.CreateRoleInput{}},
		{"list with a gap", "Tags.member.1.Key=a&Tags.member.3.Key=b", "Tags.member.3.Key", &iam.CreateRoleInput{}},
		{"list index that is a word", "Tags.member.x.Key=a", "Tags.member.x.Key", &iam.CreateRoleInput{}},
		{"value for a list", "Tags=a", "Tags", &iam.CreateRoleInput{}},
		{"value for a list and elements", "Tags=&Tags.member.1.Key=a", "Tags", &iam.CreateRoleInput{}},
		{"value for the word member", "Tags.member=a", "Tags.member", &iam.CreateRoleInput{}},
		{"value for a structure in a list", "Tags.member.1=a", "Tags.member.1", &iam.CreateRoleInput{}},
		{"structure for a value", "RoleName.a=b", "RoleName.a", &iam.CreateRoleInput{}},
		{"value and structure", "RoleName=a&RoleName.b=c", "RoleName.b", &iam.CreateRoleInput{}},
		{"list of lists for a list", "ActionNames.member.1.member.1=a", "ActionNames.member.1.member.1", &iam.SimulateCustomPolicyInput{}},
		{"not a number", "MaxSessionDuration=abc", "MaxSessionDuration", &iam.CreateRoleInput{}},
		{"a number that does not fit", "MaxSessionDuration=4294967296", "MaxSessionDuration", &iam.CreateRoleInput{}},
		{"not a boolean", "SetAsDefault=yes", "SetAsDefault", &iam.CreatePolicyVersionInput{}},
		{"map without values", "Properties.entry.1.key=a", "Properties.entry.1.key", &iam.PutAccountPropertiesInput{}},
		{"map key twice", "Properties.entry.1.key=a&Properties.entry.1.value=a&Properties.entry.2.key=a&Properties.entry.2.value=b",
			"Properties.entry.2.key", &iam.PutAccountPropertiesInput{}},
		{"value for a map", "Properties=a", "Properties", &iam.PutAccountPropertiesInput{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			form, err := wire.ParseForm([]byte(c.form))
			if err != nil {
				t.Fatal(err)
			}
			_, err = wire.NewCodec().DecodeQuery(form, wire.AWSQuery, c.into)
			if f := faultOf(t, err); f.Code != "MalformedInput" || f.Status != 400 || f.Place != c.place {
				t.Errorf("got %+v, want MalformedInput at %q", f, c.place)
			}
		})
	}
}

func TestDecodeCreateRole(t *testing.T) {
	t.Parallel()
	form := "Action=CreateRole&Version=2010-05-08&RoleName=r&Path=%2Fteam%2F&AssumeRolePolicyDocument=%7B%22a%22%3A+%22%C3%A9%22%7D" +
		"&MaxSessionDuration=7200&PermissionsBoundary=arn:aws:iam::123456789012:policy/b"
	// Eleven tags, sorted as text: the tenth stands before the second.
	for _, i := range []int{1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9} {
		form += fmt.Sprintf("&Tags.member.%d.Key=k%d&Tags.member.%d.Value=", i, i, i)
	}
	var got iam.CreateRoleInput
	if unknown := decode(t, form, wire.AWSQuery, &got); unknown != nil {
		t.Errorf("unknown %v", unknown)
	}
	want := iam.CreateRoleInput{
		RoleName: aws.String("r"), Path: aws.String("/team/"), AssumeRolePolicyDocument: aws.String(`{"a": "é"}`),
		MaxSessionDuration: aws.Int32(7200), PermissionsBoundary: aws.String("arn:aws:iam::123456789012:policy/b"),
	}
	for i := range 11 {
		want.Tags = append(want.Tags, iamtypes.Tag{Key: aws.String(fmt.Sprintf("k%d", i+1)), Value: aws.String("")})
	}
	if d := cmp.Diff(want, got, withoutMetadata()); d != "" {
		t.Error(d)
	}
}

func TestDecodeKnowsAbsentEmptyAndUnknown(t *testing.T) {
	t.Parallel()
	var got sts.AssumeRoleInput
	unknown := decode(t, "Policy=&PolicyArns=&TransitiveTagKeys.member.1=a&rolearn=x&Tags.Member.1.Key=x&PolicyArnz.member.1.arn=y&"+
		"X-Amz-Signature=s&X-Amz-Nonsense=1", wire.AWSQuery, &got)
	want := sts.AssumeRoleInput{
		Policy: aws.String(""), PolicyArns: []ststypes.PolicyDescriptorType{}, TransitiveTagKeys: []string{"a"},
	}
	if d := cmp.Diff(want, got, withoutMetadata()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"PolicyArnz.member.1.arn", "Tags.Member.1.Key", "X-Amz-Nonsense", "rolearn"}, unknown); d != "" {
		t.Errorf("unknown (-want +got):\n%s", d)
	}
}

func TestUnionsAreUnknownUntilTheyAreNamed(t *testing.T) {
	t.Parallel()
	const form = "PolicyExclusionList.member.1.PolicyArn=arn"
	var got iam.SimulatePrincipalPolicyInput
	if unknown := decode(t, form, wire.AWSQuery, &got); len(unknown) != 1 {
		t.Errorf("unknown %v: a parameter was lost", unknown)
	}
	codec := wire.NewCodec(wire.UnionOf[iamtypes.PolicyIdentifier](&iamtypes.PolicyIdentifierMemberPolicyArn{},
		&iamtypes.PolicyIdentifierMemberPolicyType{}))
	f, err := wire.ParseForm([]byte(form + "&PolicyExclusionList.member.1.PolicyType=scp"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = codec.DecodeQuery(f, wire.AWSQuery, &got)
	if f := faultOf(t, err); f.Place != "PolicyExclusionList.member.1.PolicyType" {
		t.Errorf("two members of a union: %+v", f)
	}
}

// describeInstances is how EC2's inputs are written by hand.
type describeInstances struct {
	InstanceIds []string `wire:"InstanceId"`
	Filters     []struct {
		Name   *string
		Values []string `wire:"Value"`
	} `wire:"Filter"`
	DryRun *bool
}

func TestDecodeEC2(t *testing.T) {
	t.Parallel()
	var got describeInstances
	unknown := decode(t, "Action=DescribeInstances&InstanceId.2=i-2&InstanceId.1=i-1&Filter.1.Name=tag:a&Filter.1.Value.1=x&DryRun=true"+
		"&Filter.1.Value.2=y&InstanceIds.1=z", wire.EC2Query, &got)
	if d := cmp.Diff([]string{"InstanceIds.1"}, unknown); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"i-1", "i-2"}, got.InstanceIds); d != "" {
		t.Error(d)
	}
	if len(got.Filters) != 1 || *got.Filters[0].Name != "tag:a" || !cmp.Equal(got.Filters[0].Values, []string{"x", "y"}) || !*got.DryRun {
		t.Errorf("got %+v", got)
	}
}

// scalars are the types that a member written by hand may have.
type scalars struct {
	Time  *time.Time
	Blob  []byte
	Ratio float64
	Big   int64
	Odd   complex64
	Map   map[string]struct{ Value string } `wire:"Map,flat"`
}

func TestScalars(t *testing.T) {
	t.Parallel()
	var got scalars
	decode(t, "Time=2026-01-02T04:04:05.5%2B01:00&Blob=YWI%3D&Ratio=0.5&Big=-9223372036854775808&Map.1.key=k&Map.1.value.Value=v", wire.AWSQuery, &got)
	at := time.Date(2026, 1, 2, 3, 4, 5, 5e8, time.UTC)
	want := scalars{Time: &at, Blob: []byte("ab"), Ratio: 0.5, Big: -1 << 63, Map: map[string]struct{ Value string }{"k": {"v"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, form := range []string{"Time=yesterday", "Blob=%25", "Ratio=x", "Big=9223372036854775808", "Odd=1", "Map.2.key=a&Map.2.value.Value=b"} {
		f, err := wire.ParseForm([]byte(form))
		if err != nil {
			t.Fatal(err)
		}
		_, err = wire.NewCodec().DecodeQuery(f, wire.AWSQuery, &scalars{})
		if got, want := faultOf(t, err).Status, map[bool]int{true: 500, false: 400}[form == "Odd=1"]; got != want {
			t.Errorf("%s: status %d", form, got)
		}
	}
}

func TestFormOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, target, body, action, code string }{
		{"body", "/", "Action=GetUser&Version=2010-05-08", "GetUser", ""},
		{"query", "/?Action=GetUser", "", "GetUser", ""},
		{"presigned query and body", "/?X-Amz-Signature=x&X-Amz-Date=y", "Action=GetUser", "GetUser", ""},
		{"action in the query, members in the body", "/?Action=GetUser", "UserName=a", "", "MalformedQueryString"},
		{"member in the query", "/?UserName=b", "Action=GetUser&UserName=a", "", "MalformedQueryString"},
		{"broken query", "/?a=%", "Action=GetUser", "", "MalformedQueryString"},
		{"nothing", "/", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", "http://ambit.test/", nil)
			_, r.URL.RawQuery, _ = strings.Cut(c.target, "?")
			f, err := wire.FormOf(r, []byte(c.body))
			if c.code != "" {
				if got := faultOf(t, err).Code; got != c.code {
					t.Errorf("got %s, want %s", got, c.code)
				}
				return
			}
			if err != nil || f.Action() != c.action {
				t.Errorf("action %q, error %v", f.Action(), err)
			}
		})
	}
}

func FuzzDecodeQuery(f *testing.F) {
	for _, seed := range []string{
		"Action=CreateRole&Version=2010-05-08&RoleName=r&Tags.member.1.Key=k&Tags.member.1.Value=v&MaxSessionDuration=3600",
		"Tags=&Path=%2F", "Tags.member.4294967295.Key=a", "a..b=c", "%", "RoleName=%ff", "&&=&=", "Tags.member.2.Key=a&Tags.member.1.Key=b",
		"PolicyArns.member.1.arn=a&DurationSeconds=900", "Properties.entry.1.key=a&Properties.entry.1.value=b",
	} {
		f.Add(seed)
	}
	codec := wire.NewCodec()
	f.Fuzz(func(t *testing.T, text string) {
		form, err := wire.ParseForm([]byte(text))
		if err != nil {
			faultOf(t, err)
			return
		}
		// What is accepted is what the standard library reads, with one value each.
		values, err := url.ParseQuery(strings.ReplaceAll(text, ";", "%3B"))
		if err != nil {
			t.Fatalf("%q: accepted, but %v", text, err)
		}
		members := form.Members(wire.AWSQuery)
		for name, v := range values {
			got, ok := members.String(name)
			switch {
			case len(v) != 1:
				t.Fatalf("%q: %s has %d values", text, name, len(v))
			case name == "Action" && form.Action() == v[0], name == "Version" && form.Version() == v[0], strings.HasPrefix(name, "X-Amz-"):
			case !ok || got != v[0]:
				t.Fatalf("%q: %s is %q, want %q", text, name, got, v[0])
			}
		}
		for _, into := range []any{&iam.CreateRoleInput{}, &sts.AssumeRoleInput{}, &iam.PutAccountPropertiesInput{}, &iam.SimulatePrincipalPolicyInput{}} {
			for _, p := range []wire.Protocol{wire.AWSQuery, wire.EC2Query} {
				if _, err := codec.DecodeQuery(form, p, into); err != nil {
					faultOf(t, err)
				}
			}
			m := codec.Members(into)
			m.Pairs("Tags")
			m.Strings("Tags")
			m.Elements("PolicyArns")
			m.String("RoleName")
		}
		members.Pairs("Tags")
		members.Strings("PolicyArns")
	})
}
