package metadata_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/metadata"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// A scene is an instance whose answers a test chooses.
type scene struct {
	instance metadata.Instance
	stopped  bool
	failing  error
	asked    []metadata.Version
	now      time.Time
}

func (s *scene) Instance(context.Context) (metadata.Instance, bool, error) {
	return s.instance, !s.stopped, nil
}

func (s *scene) Credentials(_ context.Context, by metadata.Version) (metadata.Credentials, error) {
	s.asked = append(s.asked, by)
	return metadata.Credentials{AccessKeyID: "ASIA" + string(by), SecretAccessKey: "s/+", Token: "t", Issued: noon, Expires: noon.Add(time.Hour)}, s.failing
}

func newScene() *scene {
	return &scene{now: noon, instance: metadata.Instance{
		ID: "i-1", Account: "123456789012", Region: "eu-central-1", Partition: "aws", Zone: "eu-central-1a", ZoneID: "euc1-az1", Image: "ami-1",
		Type: "t3.micro", Architecture: "x86_64", Reservation: "r-1", Launched: noon, RootDevice: "/dev/xvda", KeyName: "k", PublicKey: "ssh-ed25519 AAAA k",
		UserData: []byte("#!/bin/sh\n\x00"), Tags: []metadata.Tag{{Key: "Name", Value: "web"}, {Key: "Team", Value: ""}},
		Network: metadata.Network{Interface: "eni-1", MAC: "02:00:00:00:00:01", Address: "172.31.0.9", Name: "ip-172-31-0-9.eu-central-1.compute.internal",
			Subnet: "subnet-1", SubnetBlock: "172.31.0.0/20", VPC: "vpc-1", VPCBlock: "172.31.0.0/16", Groups: []string{"sg-1", "sg-2"}, GroupName: []string{"default", "web"}},
		Profile: &metadata.Profile{ARN: "arn:aws:iam::123456789012:instance-profile/p", ID: "AIPA1", Since: noon, Role: "r"},
		Options: metadata.Options{Enabled: true, WithoutToken: true, ShowTags: true},
	}}
}

func (s *scene) service() *metadata.Service {
	return metadata.New(s, func() time.Time { return s.now })
}

type answer struct {
	status      int
	body, ttl   string
	contentType string
}

// ask makes one request; headers come as name, value, name, value.
func ask(h http.Handler, method, path string, headers ...string) answer {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "127.0.0.1:40000"
	for n := 0; n < len(headers); n += 2 {
		if headers[n] == "Host" {
			r.Host = headers[n+1]
			continue
		}
		r.Header.Add(headers[n], headers[n+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Body)
	return answer{w.Code, string(body), w.Header().Get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds"), w.Header().Get("Content-Type")}
}

const (
	ttl   = "X-aws-ec2-metadata-token-ttl-seconds"
	token = "X-aws-ec2-metadata-token"
)

// page is what the service answers with a status that is no success.
func page(said string) string {
	return "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n" +
		"\t\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n" +
		" <head>\n  <title>" + said + "</title>\n </head>\n <body>\n  <h1>" + said + "</h1>\n </body>\n</html>\n"
}

// TestWhoIsRefused: by which version an instance is reached, and by whom.
func TestWhoIsRefused(t *testing.T) {
	t.Parallel()
	plain := func(*scene) {}
	second := func(s *scene) { s.instance.Options.WithoutToken = false }
	for _, c := range []struct {
		name         string
		change       func(*scene)
		method, path string
		headers      []string
		want         string // empty: it is answered
	}{
		{"version 1 where it is let", plain, "GET", "/latest/meta-data/ami-id", nil, ""},
		{"its head", plain, "HEAD", "/latest/meta-data/ami-id", nil, ""},
		{"no token where one is needed", second, "GET", "/latest/meta-data/ami-id", nil, "401 - Unauthorized"},
		{"no token, no such path", second, "GET", "/nothing", nil, "401 - Unauthorized"},
		{"a wrong token where none is needed", plain, "GET", "/latest/meta-data/ami-id", []string{token, "x"}, "401 - Unauthorized"},
		{"an empty token", plain, "GET", "/latest/meta-data/ami-id", []string{token, ""}, "401 - Unauthorized"},
		{"a token", second, "PUT", "/latest/api/token", []string{ttl, "21600"}, ""},
		{"the shortest token", second, "PUT", "/latest/api/token", []string{ttl, "1"}, ""},
		{"a token without a time", second, "PUT", "/latest/api/token", nil, "400 - Bad Request"},
		{"a token for nothing", second, "PUT", "/latest/api/token", []string{ttl, "0"}, "400 - Bad Request"},
		{"a token for too long", second, "PUT", "/latest/api/token", []string{ttl, "21601"}, "400 - Bad Request"},
		{"a token for less than nothing", second, "PUT", "/latest/api/token", []string{ttl, "-1"}, "400 - Bad Request"},
		{"a token for a word", second, "PUT", "/latest/api/token", []string{ttl, "long"}, "400 - Bad Request"},
		{"a token for two times", second, "PUT", "/latest/api/token", []string{ttl, "60", ttl, "60"}, "400 - Bad Request"},
		{"a token through a proxy", second, "PUT", "/latest/api/token", []string{ttl, "60", "X-Forwarded-For", "10.0.0.1"}, "403 - Forbidden"},
		{"a put elsewhere", plain, "PUT", "/latest/meta-data/ami-id", []string{ttl, "60"}, "403 - Forbidden"},
		{"a token of another version", plain, "PUT", "/2021-03-23/api/token", []string{ttl, "60"}, "403 - Forbidden"},
		{"a post", plain, "POST", "/latest/api/token", []string{ttl, "60"}, "405 - Method Not Allowed"},
		{"a service that is turned off", func(s *scene) { s.instance.Options.Enabled = false }, "GET", "/latest/meta-data/ami-id", nil, "403 - Forbidden"},
		{"its token", func(s *scene) { s.instance.Options.Enabled = false }, "PUT", "/latest/api/token", []string{ttl, "60"}, "403 - Forbidden"},
		{"an instance that stopped", func(s *scene) { s.stopped = true }, "GET", "/latest/meta-data/ami-id", nil, "503 - Service Unavailable"},
		{"a page of another origin", plain, "GET", "/latest/meta-data/ami-id", []string{"Origin", "https://example.com"}, "403 - Forbidden"},
		{"a page's picture", plain, "GET", "/latest/meta-data/ami-id", []string{"Sec-Fetch-Site", "cross-site"}, "403 - Forbidden"},
		{"somebody who typed the address", plain, "GET", "/latest/meta-data/ami-id", []string{"Sec-Fetch-Site", "none"}, ""},
		{"a name that was made to point here", plain, "GET", "/latest/meta-data/ami-id", []string{"Host", "rebound.example:40000"}, "403 - Forbidden"},
		{"its token", plain, "PUT", "/latest/api/token", []string{ttl, "60", "Host", "rebound.example"}, "403 - Forbidden"},
		{"localhost", plain, "GET", "/latest/meta-data/ami-id", []string{"Host", "localhost:40000"}, ""},
		{"no such path", plain, "GET", "/latest/meta-data/nothing", nil, "404 - Not Found"},
		{"no such version", plain, "GET", "/1999-01-01/meta-data/ami-id", nil, "404 - Not Found"},
		{"below a leaf", plain, "GET", "/latest/meta-data/ami-id/x", nil, "404 - Not Found"},
		{"steps", plain, "GET", "/latest/meta-data/../user-data", nil, "404 - Not Found"},
		{"two slashes", plain, "GET", "/latest//meta-data/ami-id", nil, "404 - Not Found"},
		{"a signature", plain, "GET", "/latest/dynamic/instance-identity/signature", nil, "404 - Not Found"},
	} {
		s := newScene()
		c.change(s)
		got := ask(s.service(), c.method, c.path, c.headers...)
		switch {
		case c.want == "" && got.status != http.StatusOK:
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		case c.want != "" && (got.body != page(c.want) || got.contentType != "text/html" || got.ttl != ""):
			t.Errorf("%s: %+v, want %s", c.name, got, c.want)
		}
	}
}

// TestTokens: a token counts for its own service and until its time.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := newScene()
	s.instance.Options.WithoutToken = false
	h := s.service()
	given := ask(h, "PUT", "/latest/api/token", ttl, "60")
	if given.status != http.StatusOK || given.ttl != "60" || given.contentType != "text/plain" {
		t.Fatalf("%+v", given)
	}
	read := func(h http.Handler, token string) answer {
		return ask(h, "GET", "/latest/meta-data/instance-id", "X-aws-ec2-metadata-token", token)
	}
	if got := read(h, given.body); got.status != 200 || got.body != "i-1" || got.ttl != "60" {
		t.Errorf("%+v", got)
	}
	if got := read(s.service(), given.body); got.status != http.StatusUnauthorized {
		t.Errorf("at another service: %+v", got)
	}
	if got := ask(h, "GET", "/latest/meta-data/instance-id", token, given.body, token, given.body); got.status != http.StatusUnauthorized {
		t.Errorf("twice: %+v", got)
	}
	for at := range given.body {
		if at == len(given.body)-2 || at == len(given.body)-1 {
			continue // padding
		}
		other := "A"
		if given.body[at] == 'A' {
			other = "B"
		}
		if got := read(h, given.body[:at]+other+given.body[at+1:]); got.status != http.StatusUnauthorized {
			t.Errorf("with another letter at %d: %+v", at, got)
		}
	}
	s.now = s.now.Add(59*time.Second + time.Millisecond)
	if got := read(h, given.body); got.status != 200 || got.ttl != "1" {
		t.Errorf("at its end: %+v", got)
	}
	s.now = s.now.Add(time.Second)
	if got := read(h, given.body); got.status != http.StatusUnauthorized {
		t.Errorf("after its end: %+v", got)
	}
}

// TestWhatIsTold reads every path that is listed, down to the leaves.
func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	s := newScene()
	h := s.service()
	got := map[string]string{}
	var walk func(path string)
	walk = func(path string) {
		a := ask(h, "GET", path)
		if a.status != http.StatusOK {
			t.Errorf("%s is listed: %d", path, a.status)
		}
		if path != "/" {
			if b := ask(h, "GET", strings.TrimSuffix(path, "/")); b.body != a.body {
				t.Errorf("%s without its slash is %q", path, b.body)
			}
		}
		if !strings.HasSuffix(path, "/") {
			got[strings.TrimPrefix(path, "/latest/")] = a.body
			return
		}
		for line := range strings.SplitSeq(a.body, "\n") {
			if number, _, named := strings.Cut(line, "="); named {
				line = number + "/"
			}
			if line == "latest" || line == "dynamic" || line == "meta-data" || line == "instance" && strings.HasSuffix(path, "/tags/") {
				line += "/"
			}
			walk(path + line)
		}
	}
	walk("/")
	const mac = "meta-data/network/interfaces/macs/02:00:00:00:00:01/"
	want := map[string]string{
		"user-data":        "#!/bin/sh\n\x00",
		"meta-data/ami-id": "ami-1", "meta-data/ami-launch-index": "0", "meta-data/ami-manifest-path": "(unknown)",
		"meta-data/block-device-mapping/ami": "xvda", "meta-data/block-device-mapping/root": "/dev/xvda",
		"meta-data/events/maintenance/history": "[]", "meta-data/events/maintenance/scheduled": "[]", "meta-data/hibernation/configured": "false",
		"meta-data/hostname": s.instance.Network.Name, "meta-data/instance-action": "none", "meta-data/instance-id": "i-1",
		"meta-data/instance-life-cycle": "on-demand", "meta-data/instance-type": "t3.micro", "meta-data/local-hostname": s.instance.Network.Name,
		"meta-data/local-ipv4": "172.31.0.9", "meta-data/mac": "02:00:00:00:00:01", "meta-data/placement/availability-zone": "eu-central-1a",
		"meta-data/placement/availability-zone-id": "euc1-az1", "meta-data/placement/region": "eu-central-1", "meta-data/profile": "default-hvm",
		"meta-data/public-keys/0/openssh-key": "ssh-ed25519 AAAA k", "meta-data/reservation-id": "r-1", "meta-data/security-groups": "default\nweb",
		"meta-data/services/domain": "amazonaws.com", "meta-data/services/partition": "aws", "meta-data/system": "nitro",
		"meta-data/tags/instance/Name": "web", "meta-data/tags/instance/Team": "",
		mac + "device-number": "0", mac + "interface-id": "eni-1", mac + "local-hostname": s.instance.Network.Name, mac + "local-ipv4s": "172.31.0.9",
		mac + "mac": "02:00:00:00:00:01", mac + "owner-id": "123456789012", mac + "security-group-ids": "sg-1\nsg-2",
		mac + "security-groups": "default\nweb", mac + "subnet-id": "subnet-1", mac + "subnet-ipv4-cidr-block": "172.31.0.0/20", mac + "vpc-id": "vpc-1",
		mac + "vpc-ipv4-cidr-block": "172.31.0.0/16", mac + "vpc-ipv4-cidr-blocks": "172.31.0.0/16",
		"dynamic/instance-identity/document": "{\n  \"accountId\" : \"123456789012\",\n  \"architecture\" : \"x86_64\",\n  \"availabilityZone\" : " +
			"\"eu-central-1a\",\n  \"billingProducts\" : null,\n  \"devpayProductCodes\" : null,\n  \"marketplaceProductCodes\" : null,\n  \"imageId\" : " +
			"\"ami-1\",\n  \"instanceId\" : \"i-1\",\n  \"instanceType\" : \"t3.micro\",\n  \"kernelId\" : null,\n  \"pendingTime\" : " +
			"\"2026-11-22T12:00:00Z\",\n  \"privateIp\" : \"172.31.0.9\",\n  \"ramdiskId\" : null,\n  \"region\" : \"eu-central-1\",\n  \"version\" : \"2017-09-30\"\n}",
		"meta-data/iam/info": "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-11-22T12:00:00Z\",\n  \"InstanceProfileArn\" : " +
			"\"arn:aws:iam::123456789012:instance-profile/p\",\n  \"InstanceProfileId\" : \"AIPA1\"\n}",
		"meta-data/iam/security-credentials/r": "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-11-22T12:00:00Z\",\n  \"Type\" : \"AWS-HMAC\",\n  " +
			"\"AccessKeyId\" : \"ASIA1.0\",\n  \"SecretAccessKey\" : \"s/+\",\n  \"Token\" : \"t\",\n  \"Expiration\" : \"2026-11-22T13:00:00Z\"\n}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if a := ask(h, "GET", "/latest/user-data"); a.contentType != "application/octet-stream" {
		t.Errorf("user data is %s", a.contentType)
	}
}

// TestWhatThereIsNot: what an instance does not have is neither listed nor found.
func TestWhatThereIsNot(t *testing.T) {
	t.Parallel()
	for path, change := range map[string]func(*scene){
		"/latest/meta-data/iam":                         func(s *scene) { s.instance.Profile = nil },
		"/latest/meta-data/iam/info":                    func(s *scene) { s.instance.Profile = nil },
		"/latest/meta-data/iam/security-credentials/r":  func(s *scene) { s.instance.Profile = nil },
		"/latest/meta-data/iam/security-credentials":    func(s *scene) { s.instance.Profile.Role = "" },
		"/latest/meta-data/iam/security-credentials/r2": func(*scene) {},
		"/latest/meta-data/tags":                        func(s *scene) { s.instance.Options.ShowTags = false },
		"/latest/meta-data/public-keys":                 func(s *scene) { s.instance.PublicKey = "" },
		"/latest/user-data":                             func(s *scene) { s.instance.UserData = nil },
	} {
		s := newScene()
		change(s)
		h := s.service()
		if a := ask(h, "GET", path); a.status != http.StatusNotFound || len(s.asked) > 0 {
			t.Errorf("%s: %d, asked for %v", path, a.status, s.asked)
		}
		above, name := path[:strings.LastIndexByte(path, '/')], path[strings.LastIndexByte(path, '/')+1:]
		if a := ask(h, "GET", above); strings.Contains("\n"+a.body+"\n", "\n"+name+"\n") || strings.Contains(a.body, name+"/") {
			t.Errorf("%s is listed: %s", path, a.body)
		}
	}
	s := newScene()
	s.instance.Tags = nil
	if a := ask(s.service(), "GET", "/latest/meta-data/tags/instance"); a.status != http.StatusOK || a.body != "" {
		t.Errorf("no tags: %+v", a)
	}
}

// TestCredentialsThatThereAreNot: a role that does not trust EC2 is told in the document, in AWS's words.
func TestCredentialsThatThereAreNot(t *testing.T) {
	t.Parallel()
	s := newScene()
	h := s.service()
	given := ask(h, "PUT", "/latest/api/token", ttl, "60")
	ask(h, "GET", "/latest/meta-data/iam/security-credentials/r", token, given.body)
	ask(h, "GET", "/latest/meta-data/iam/security-credentials/r")
	if diff := cmp.Diff([]metadata.Version{metadata.V2, metadata.V1}, s.asked); diff != "" {
		t.Errorf("asked by (-want +got)\n%s", diff)
	}
	s.failing = metadata.ErrNotTrusted
	var got struct{ Code, Message, LastUpdated, AccessKeyId string }
	a := ask(h, "GET", "/latest/meta-data/iam/security-credentials/r")
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != http.StatusOK {
		t.Fatalf("%+v: %v", a, err)
	}
	if got.Code != "AssumeRoleUnauthorizedAccess" || got.AccessKeyId != "" || got.Message != "EC2 cannot assume the role r.  Please see documentation at "+
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc." {
		t.Errorf("%+v", got)
	}
	s.failing = errors.New("the store is closed")
	if a := ask(h, "GET", "/latest/meta-data/iam/security-credentials/r"); a.body != page("503 - Service Unavailable") {
		t.Errorf("%+v", a)
	}
	s.instance.Profile.Gone, s.instance.Profile.Role = true, ""
	if err := json.Unmarshal([]byte(ask(h, "GET", "/latest/meta-data/iam/info").body), &got); err != nil || got.Code != "InstanceProfileNotFound" {
		t.Errorf("a profile that is gone: %+v, %v", got, err)
	}
}
