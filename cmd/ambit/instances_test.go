package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// ec2 makes a call of EC2 in a region as the administrator.
func (p *process) ec2(t *testing.T, region, parameters string) string {
	t.Helper()
	text := []byte(parameters + "&Version=2016-11-15")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.endpoint+"/", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256(text)
	if err := v4.NewSigner().SignHTTP(context.Background(), p.credentials(t), request, hex.EncodeToString(sum[:]), "ec2", region, time.Now()); err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s, %v", parameters, answer.StatusCode, body, err)
	}
	return string(body)
}

// TestInstances: instances of all regions are listed, and where the endpoint of each is while it runs.
func TestInstances(t *testing.T) {
	t.Parallel()
	p := serveReal(t, home(t), "--memory")
	if got := p.output(t, "instances"); got != "no instances\n" {
		t.Errorf("%q", got)
	}
	if got := p.output(t, "instances", "-o", "json"); got != "[]\n" {
		t.Errorf("%q", got)
	}
	launch := func(region, more string) string {
		image := regexp.MustCompile(`<imageId>([^<]*)`).FindStringSubmatch(p.ec2(t, region, "Action=DescribeImages&Filter.1.Name=architecture&Filter.1.Value.1=x86_64"))[1]
		body := p.ec2(t, region, "Action=RunInstances&MinCount=1&MaxCount=1&InstanceType=t3.micro&ImageId="+image+more)
		return regexp.MustCompile(`<instanceId>([^<]*)`).FindStringSubmatch(body)[1]
	}
	named := launch("eu-central-1", "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=a%20name")
	gone := launch("us-east-1", "")
	p.ec2(t, "us-east-1", "Action=TerminateInstances&InstanceId.1="+gone)
	var list []instanceLine
	if err := json.Unmarshal([]byte(p.output(t, "instances", "-o", "json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].ID != named || list[0].Region != "eu-central-1" || list[0].Name != "a name" || list[0].Role != "" ||
		!strings.HasPrefix(list[0].Endpoint, "http://127.0.0.1:") || list[1].ID != gone || list[1].Endpoint != "" {
		t.Errorf("%+v", list)
	}
	lines := strings.Split(strings.TrimSpace(p.output(t, "instances", "--region", "eu-central-1")), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "REGION ") || !strings.Contains(lines[1], named+"  a name") || !strings.HasSuffix(lines[1], "  -     "+list[0].Endpoint) {
		t.Errorf("%q", lines)
	}
	cmd := exec.Command("ambit", "instances", "--data", t.TempDir())
	cmd.Env = p.environ
	if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "no running server") {
		t.Errorf("without a server: %v %s", err, out)
	}
}
