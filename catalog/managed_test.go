package catalog_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/catalog"
)

func TestManagedPolicy(t *testing.T) {
	t.Parallel()
	got, ok := catalog.ManagedPolicy("arn:aws:iam::aws:policy/AdministratorAccess")
	want := catalog.AWSManagedPolicy{
		ARN: "arn:aws:iam::aws:policy/AdministratorAccess", Name: "AdministratorAccess", Path: "/",
		ID: "ANPAIWMBCKSKIEE64ZLYK", DefaultVersion: "v1",
		Document:   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		CreateDate: time.Date(2015, 2, 6, 18, 39, 46, 0, time.UTC),
		UpdateDate: time.Date(2015, 2, 6, 18, 39, 46, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("AdministratorAccess, %v (-want +got):\n%s", ok, diff)
	}
	for _, arn := range []string{"", "AdministratorAccess", "arn:aws:iam::aws:policy/administratoraccess", "arn:aws:iam::123456789012:policy/AdministratorAccess", "arn:aws:iam::aws:policy/ViewOnlyAccess", "arn:aws:iam::aws:policy/zzz"} {
		if p, ok := catalog.ManagedPolicy(arn); ok || p != (catalog.AWSManagedPolicy{}) {
			t.Errorf("ManagedPolicy(%q) = %q, %v", arn, p.ARN, ok)
		}
	}
}

// The policies that people name are there.
func TestManagedPoliciesThatPeopleName(t *testing.T) {
	t.Parallel()
	for _, name := range strings.Fields(`
		AdministratorAccess PowerUserAccess ReadOnlyAccess SecurityAudit IAMFullAccess IAMReadOnlyAccess
		job-function/ViewOnlyAccess job-function/Billing job-function/DatabaseAdministrator job-function/DataScientist
		job-function/NetworkAdministrator job-function/SupportUser job-function/SystemAdministrator
		AmazonS3FullAccess AmazonS3ReadOnlyAccess AmazonDynamoDBFullAccess AmazonDynamoDBReadOnlyAccess AmazonEC2FullAccess
		AmazonEC2ReadOnlyAccess AWSLambda_FullAccess AWSLambda_ReadOnlyAccess AWSCloudFormationFullAccess
		AWSCloudFormationReadOnlyAccess AmazonCognitoPowerUser AmazonCognitoReadOnly AdministratorAccess-Amplify
		service-role/AWSLambdaBasicExecutionRole service-role/AWSLambdaVPCAccessExecutionRole
		service-role/AmazonEC2ContainerServiceforEC2Role AmazonSSMManagedInstanceCore`) {
		if _, ok := catalog.ManagedPolicy("arn:aws:iam::aws:policy/" + name); !ok {
			t.Errorf("%s is not embedded", name)
		}
	}
}

// corpusPolicy is an entry of test/corpus/managed-policies.json.gz, which holds all of AWS's managed policies.
type corpusPolicy struct {
	ARN, Name, Path, Version string
	Created, Updated         time.Time
	Document                 json.RawMessage
}

// The embedded policies are those of the corpus, to the letter, and well formed.
func TestManagedPoliciesAreTheCorpus(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../test/corpus/managed-policies.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var corpus []corpusPolicy
	if err := json.NewDecoder(unzipped).Decode(&corpus); err != nil {
		t.Fatal(err)
	}
	if len(corpus) != 1485 {
		t.Errorf("the corpus has %d policies, want 1485", len(corpus))
	}
	byARN := map[string]corpusPolicy{}
	for _, p := range corpus {
		byARN[p.ARN] = p
	}
	embedded := catalog.ManagedPolicies()
	if len(embedded) < 40 || !slices.IsSortedFunc(embedded, func(a, b catalog.AWSManagedPolicy) int { return strings.Compare(a.ARN, b.ARN) }) {
		t.Errorf("%d policies are embedded, or they are not sorted", len(embedded))
	}
	ids := map[string]bool{}
	for _, p := range embedded {
		c := byARN[p.ARN]
		if p.Document != string(c.Document) || !json.Valid([]byte(p.Document)) {
			t.Errorf("%s: the document differs from the corpus", p.ARN)
		}
		if p.Name != c.Name || p.Path != c.Path || p.DefaultVersion != c.Version || !p.CreateDate.Equal(c.Created) || !p.UpdateDate.Equal(c.Updated) {
			t.Errorf("%s: %+v differs from the corpus", p.ARN, p)
		}
		if p.ARN != "arn:aws:iam::aws:policy"+p.Path+p.Name || !regexp.MustCompile(`^ANPA[A-Z2-7]{17}$`).MatchString(p.ID) || ids[p.ID] {
			t.Errorf("%s: path %q, name %q, id %q", p.ARN, p.Path, p.Name, p.ID)
		}
		ids[p.ID] = true
	}
}

func TestManagedPoliciesBelongToTheCaller(t *testing.T) {
	t.Parallel()
	catalog.ManagedPolicies()[0].Document = "spoiled"
	if catalog.ManagedPolicies()[0].Document == "spoiled" {
		t.Error("the list that was returned is the catalog's own")
	}
}
