package ec2

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// What a call touches is worked out before anything is decided, and so without saying what exists: what is not there is touched
// under the name that the request gives it, and is missed only when the call is done.

// gather works out what a call touches.
func gather(c *service.Call, r identity.Reader) (service.Gathered, error) {
	switch in := c.Input.Value.(type) {
	case *runInstancesInput:
		return gatherLaunch(c, r, in)
	case *tagsInput:
		return gatherTagged(c, r, in)
	case *createKeyPairInput:
		return service.Gathered{
			Texts: map[string]string{"ec2:KeyPairType": in.keyType()},
			Tags:  map[string][]identity.Tag{"KeyPairTags": tagsOf(tagsAmong(in.TagSpecifications, "key-pair"))},
		}, nil
	case *importKeyPairInput:
		return service.Gathered{Tags: map[string][]identity.Tag{"KeyPairTags": tagsOf(tagsAmong(in.TagSpecifications, "key-pair"))}}, nil
	case *deleteKeyPairInput:
		k, exists, err := in.find(r, c.Environment.Region)
		name := cmp.Or(text(in.KeyName), "*") // if there is none with the id, any could have been meant
		if exists {
			name = k.Name
		}
		return service.Gathered{Texts: map[string]string{"KeyName": name, "ec2:KeyPairName": name}}, err
	case *associateInput:
		profile, err := in.IamInstanceProfile.find(networkOf(c), r)
		return service.Gathered{Texts: map[string]string{"InstanceProfileArn": profile.ARN, "ec2:NewInstanceProfile": profile.ARN}}, err
	case *replaceInput:
		g, err := gatherAssociation(c, r, text(in.AssociationId))
		if err != nil {
			return g, err
		}
		profile, err := in.IamInstanceProfile.find(networkOf(c), r)
		g.Texts["InstanceProfileArn"], g.Texts["ec2:NewInstanceProfile"] = profile.ARN, profile.ARN
		return g, err
	case *createGroupInput:
		return service.Gathered{
			Texts: map[string]string{"VpcId": cmp.Or(text(in.VpcId), networkOf(c).vpc())},
			Tags:  map[string][]identity.Tag{"SecurityGroupTags": tagsOf(tagsAmong(in.TagSpecifications, "security-group"))},
		}, nil
	case *deleteGroupInput:
		return in.group().gather(r, networkOf(c), nil)
	case *rulesInput:
		return in.group().gather(r, networkOf(c), in.TagSpecifications)
	case *modifyInstanceInput:
		return gatherChange(in), nil
	case *disassociateInput:
		return gatherAssociation(c, r, text(in.AssociationId))
	}
	return service.Gathered{}, nil
}

// gatherTagged names what is to be tagged.
func gatherTagged(c *service.Call, r identity.Reader, in *tagsInput) (service.Gathered, error) {
	n := networkOf(c)
	named, err := in.lookUp(r, n)
	if err != nil {
		return service.Gathered{}, err
	}
	c.Note(lookedUp, named)
	var arns []string
	for _, id := range in.Resources {
		k, _ := kindOfID(id)
		arns = append(arns, n.arn(k.name, cmp.Or(named.keyPairs[id], id))) // key pairs are named in ARNs, and have ids nevertheless
	}
	slices.Sort(arns)
	return service.Gathered{Lists: map[string][]string{"ResourceArns": slices.Compact(arns)}}, nil
}

// gatherAssociation finds the instance of an association. If there is none, any instance could have been meant.
func gatherAssociation(c *service.Call, r identity.Reader, id string) (service.Gathered, error) {
	i, exists, err := findAssociation(c, r, id)
	if !exists {
		i.ID = "*"
	}
	return service.Gathered{Texts: map[string]string{"InstanceId": i.ID}}, err
}

// gatherChange names the attribute that is changed as its member is ("Condition keys for Amazon EC2", ec2:Attribute: of those that
// have one value), and the security groups that the instance gets.
func gatherChange(in *modifyInstanceInput) service.Gathered {
	g := service.Gathered{Texts: map[string]string{}, Lists: map[string][]string{}}
	for name, value := range in.attributes() {
		if name == groupSet {
			g.Lists["SecurityGroupIds"] = groupsIn(value)
		} else if name != "" {
			g.Texts["ec2:Attribute"] = strings.ToUpper(name[:1]) + name[1:]
		}
	}
	return g
}

// find returns the instance profile that was asked for. One that does not exist has nothing but the ARN that it would have.
func (p *inputProfile) find(n network, r identity.Reader) (identity.InstanceProfile, error) {
	if p == nil {
		return identity.InstanceProfile{}, nil
	}
	if p.Arn != nil {
		found, err := findProfile(r, *p.Arn)
		if found.ARN == "" {
			found.ARN = *p.Arn
		}
		return found, err
	}
	found, err := r.InstanceProfile(text(p.Name))
	if isAbsent(err) {
		return identity.InstanceProfile{ARN: "arn:" + n.partition + ":iam::" + n.account + ":instance-profile/" + text(p.Name)}, nil
	}
	return found, err
}

// findProfile finds an instance profile of the account by its ARN, which must be spelled as it is. The zero value is none.
func findProfile(r identity.Reader, name string) (identity.InstanceProfile, error) {
	found, err := r.InstanceProfile(name[strings.LastIndexByte(name, '/')+1:])
	if isAbsent(err) || err == nil && found.ARN != name {
		return identity.InstanceProfile{}, nil
	}
	return found, err
}

// find returns what a question is about.
func find(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
	n := networkOf(c)
	if t.Via == operation.InstanceProfile {
		return findRole(r, value)
	}
	if t.Kind == operation.AnyKind { // an ARN that was made above
		if _, name, isKey := strings.Cut(value, ":key-pair/"); isKey {
			return n.findKeyPair(r, name)
		}
		return findTagged(c, r, value[strings.LastIndexByte(value, '/')+1:])
	}
	switch t.Kind {
	case operation.KeyPair:
		return n.findKeyPair(r, value)
	case operation.Instance, operation.Image, operation.Subnet, operation.SecurityGroup, operation.VPC:
		if k, ok := kindOfID(value); !ok || k.name != string(t.Kind) {
			return service.Stored{}, nil
		}
		return n.find(c, r, value)
	}
	return service.Stored{}, nil // no operation makes launch templates yet
}

// findKeyPair returns a key pair by its name.
func (n network) findKeyPair(r identity.Reader, name string) (service.Stored, error) {
	k, exists, err := readKeyPair(r, n.region, name)
	if err != nil || !exists {
		return service.Stored{}, err
	}
	tags, err := readTags(r, n.region, k.ID)
	return service.Stored{ARN: n.arn("key-pair", k.Name), Tags: tags, Attributes: map[string]string{"KeyType": k.Type}}, err
}

// findRole returns the role that an instance profile holds.
func findRole(r identity.Reader, profile string) (service.Stored, error) {
	p, err := findProfile(r, profile)
	if err != nil || p.Role == "" {
		return service.Stored{}, err
	}
	role, err := r.Role(p.Role)
	if err != nil {
		return service.Stored{}, err
	}
	return service.Stored{ARN: role.ARN, Name: role.Name, Path: role.Path, Tags: role.Tags, Boundary: role.Boundary}, nil
}

// findTagged returns a resource of any type by its id.
func findTagged(c *service.Call, r identity.Reader, id string) (service.Stored, error) {
	exists, err := thereIs(c, r, id)
	if err != nil || !exists {
		return service.Stored{}, err
	}
	n := networkOf(c)
	k, _ := kindOfID(id)
	switch k.prefix {
	case "i", "ami", "subnet", "sg", "vpc":
		return n.find(c, r, id)
	}
	tags, err := readTags(r, n.region, id)
	return service.Stored{ARN: n.arn(k.name, id), Tags: tags}, err
}

// thereIs reports whether there is a resource with a well-formed id. Rules and key pairs are those that the call to tag them looked up.
func thereIs(c *service.Call, r identity.Reader, id string) (exists bool, err error) {
	n := networkOf(c)
	switch k, _ := kindOfID(id); k.prefix {
	case "i":
		var i instance
		i, exists, err = readInstance(r, n.region, id)
		return exists && !i.gone(c.Now()), err
	case "vol", "eni":
		_, exists, err = findPart(r, n.region, id, c.Now())
	case "ami":
		_, exists = findImage(n.region, id)
	case "subnet":
		_, exists = n.subnet(id)
	case "sg":
		_, exists, err = readGroup(r, n, id)
	case "sgr":
		exists = lookupOf(c).rules[id]
	case "key":
		exists = lookupOf(c).keyPairs[id] != ""
	case "vpc":
		exists = id == n.vpc()
	}
	return exists, err
}

// find returns a resource with the attributes that rows speak of.
func (n network) find(c *service.Call, r identity.Reader, id string) (service.Stored, error) {
	exists, err := thereIs(c, r, id)
	if err != nil || !exists {
		return service.Stored{}, err
	}
	k, _ := kindOfID(id)
	tags, err := readTags(r, n.region, id)
	if err != nil {
		return service.Stored{}, err
	}
	s := service.Stored{ARN: n.arn(k.name, id), Tags: tags}
	switch k.prefix {
	case "i":
		i, _, err := readInstance(r, n.region, id)
		if err != nil {
			return service.Stored{}, err
		}
		s.Attributes = i.attributes()
	case "ami":
		i, _ := findImage(n.region, id)
		s.Attributes = map[string]string{
			"ImageId": id, "ImageType": "machine", "Owner": i.ownerName(), "Public": "true", "RootDeviceType": "ebs",
		}
	case "subnet":
		in, _ := n.subnet(id)
		s.Attributes = map[string]string{"SubnetId": id, "AvailabilityZone": in.zone.name, "AvailabilityZoneId": in.zone.id, "VpcArn": n.arn("vpc", n.vpc())}
	case "vpc":
		s.Attributes = map[string]string{"VpcId": id, "Tenancy": tenancy}
	case "sg":
		s.Attributes = map[string]string{"GroupId": id, "VpcArn": n.arn("vpc", n.vpc())}
	}
	return s, nil
}
