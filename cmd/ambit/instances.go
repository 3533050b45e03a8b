package main

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func newInstances() *cobra.Command {
	c := &cobra.Command{
		Use:   "instances",
		Short: "List the instances of the running server, and where each finds its credentials",
		Long: `Instances lists the EC2 instances of the account: id, name, state, role, and the
endpoint of the instance metadata service that each one has while it runs. An SDK
that is told this endpoint, and has no other credentials, runs as the instance:

  AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:PORT aws sts get-caller-identity

Every process of this machine can reach every endpoint, and take the credentials
of the instance's role from it.

It lists the regions in which there are instances. The calls are
ambit:DescribeInstanceEndpoints and ec2:DescribeInstances.

Exit codes: 0 listed, 2 refused, no running server or a wrong flag.`,
		Args: cobra.NoArgs,
		Example: `  ambit instances
  ambit instances --region eu-central-1
  ambit instances -o json`,
	}
	k := addCaller(c)
	output := addOutput(c, "text", "json")
	region := c.Flags().String("region", "", "list this `region` only")
	c.RunE = func(c *cobra.Command, _ []string) error {
		list, err := k.instances(c.Context(), *region)
		if err != nil {
			return err
		}
		if output.json() {
			return printJSON(c.OutOrStdout(), list)
		}
		return printInstances(c.OutOrStdout(), list)
	}
	return c
}

// An instanceLine is one instance as it is listed.
type instanceLine struct {
	Region   string `json:"region"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Role     string `json:"role"`
	Endpoint string `json:"endpoint"`
}

// instances asks our own service where the endpoints are, and EC2, in every region that has some, for the rest.
func (k *caller) instances(ctx context.Context, region string) ([]instanceLine, error) {
	var answer struct {
		Instances []struct {
			Region   string
			ID       string `xml:"InstanceId"`
			Role     string
			Endpoint string
		} `xml:"DescribeInstanceEndpointsResult>Instances>member"`
	}
	if err := k.call(ctx, "DescribeInstanceEndpoints", url.Values{}, &answer); err != nil {
		return nil, err
	}
	byRegion := map[string]map[string]instanceInfo{}
	out := []instanceLine{}
	for _, i := range answer.Instances {
		if region != "" && i.Region != region {
			continue
		}
		if byRegion[i.Region] == nil {
			found, err := k.describeInstances(ctx, i.Region)
			if err != nil {
				return nil, err
			}
			byRegion[i.Region] = found
		}
		info, exists := byRegion[i.Region][i.ID]
		if !exists {
			continue // it went between the two calls
		}
		out = append(out, instanceLine{i.Region, i.ID, info.name(), info.State, i.Role, i.Endpoint})
	}
	slices.SortFunc(out, func(a, b instanceLine) int { return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// An instanceInfo is what is read of EC2's answer.
type instanceInfo struct {
	ID    string `xml:"instanceId"`
	State string `xml:"instanceState>name"`
	Tags  []struct {
		Key   string `xml:"key"`
		Value string `xml:"value"`
	} `xml:"tagSet>item"`
}

// name is the tag Name, which consoles show as an instance's name.
func (i instanceInfo) name() string {
	for _, t := range i.Tags {
		if t.Key == "Name" {
			return t.Value
		}
	}
	return ""
}

// describeInstances calls EC2 in a region.
func (k *caller) describeInstances(ctx context.Context, region string) (map[string]instanceInfo, error) {
	there := *k
	there.region = region
	body := url.Values{"Action": {"DescribeInstances"}, "Version": {"2016-11-15"}}.Encode()
	text, status, err := there.send(ctx, "ec2", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		var fault struct {
			Code    string `xml:"Errors>Error>Code"`
			Message string `xml:"Errors>Error>Message"`
		}
		if err := xml.Unmarshal(text, &fault); err != nil || fault.Code == "" {
			return nil, fmt.Errorf("the server answered %d", status)
		}
		return nil, fmt.Errorf("%s: %s", fault.Code, fault.Message)
	}
	var answer struct {
		Instances []instanceInfo `xml:"reservationSet>item>instancesSet>item"`
	}
	if err := xml.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	found := map[string]instanceInfo{}
	for _, i := range answer.Instances {
		found[i.ID] = i
	}
	return found, nil
}

// none stands where an instance has not what the column is for.
const none = "-"

func printInstances(w io.Writer, list []instanceLine) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no instances")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "REGION\tID\tNAME\tSTATE\tROLE\tENDPOINT")
	for _, i := range list {
		if err := linef(table, "%s\t%s\t%s\t%s\t%s\t%s\n", i.Region, i.ID, cmp.Or(i.Name, none), i.State, cmp.Or(i.Role, none), cmp.Or(i.Endpoint, none)); err != nil {
			return err
		}
	}
	return table.Flush()
}
