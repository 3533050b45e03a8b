package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A reference is what the archive says, with descriptions left out.
type reference struct {
	Version  string
	Services []*service // sorted by prefix
	Global   []key      // global condition keys, sorted by name
}

type service struct {
	Prefix, Name string
	RCP          bool // resource control policies apply to its resources
	Actions      []action
	Resources    []resourceType
	Keys         []key
}

type action struct {
	Name        string `json:"name"`
	AccessLevel string `json:"accessLevel"`
	Resources   []struct {
		Name     string   `json:"name"`
		Required bool     `json:"required"`
		Keys     []string `json:"conditionKeys"`
	} `json:"resourceTypes"`
	Keys []string `json:"conditionKeys"`
}

type resourceType struct {
	Name string   `json:"key"`
	ARN  string   `json:"arn"`
	Keys []string `json:"conditionKeys"`
}

type key struct {
	Name string `json:"key"`
	Type string `json:"type"`
}

// readReference reads an archive as npm pack writes it.
func readReference(packed []byte) (*reference, error) {
	files, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	r := &reference{}
	var about struct{ Version string }
	var prefixes, rcp []string
	names := map[string]string{}
	for file, into := range map[string]any{
		"package.json": &about, "data/services.json": &prefixes, "data/serviceNames.json": &names,
		"data/rcpSupportedServices.json": &rcp,
	} {
		if err := decode(files, file, into); err != nil {
			return nil, err
		}
	}
	r.Version = about.Version
	slices.Sort(prefixes)
	for _, prefix := range prefixes {
		s, err := readService(files, prefix)
		if err != nil {
			return nil, err
		}
		s.Name = names[prefix]
		s.RCP = slices.Contains(rcp, prefix)
		r.Services = append(r.Services, s)
	}
	r.Global, err = readGlobal(string(files["dist/esm/globalConditionKeys.js"]))
	return r, err
}

// foreign returns the condition keys that only services of another prefix list, sorted by name: those of identity providers, which
// sts lists, and a few more.
func (r *reference) foreign() []key {
	own := map[string]bool{}
	for _, s := range r.Services {
		for _, k := range s.Keys {
			own[k.Name] = own[k.Name] || strings.HasPrefix(k.Name, s.Prefix+":")
		}
	}
	keys := map[string]key{}
	for _, s := range r.Services {
		for _, k := range s.Keys {
			if _, seen := keys[k.Name]; !seen && !own[k.Name] && !strings.HasPrefix(k.Name, "aws:") {
				keys[k.Name] = k
			}
		}
	}
	return sorted(keys, func(k key) string { return k.Name })
}

// unpack returns the files of the archive by their path inside the package.
func unpack(packed []byte) (map[string][]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		files[strings.TrimPrefix(path.Clean(header.Name), "package/")] = content
	}
}

func decode(files map[string][]byte, file string, into any) error {
	content, ok := files[file]
	if !ok {
		return fmt.Errorf("no %s in the archive", file)
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func readService(files map[string][]byte, prefix string) (*service, error) {
	s := &service{Prefix: prefix}
	actions, resources, keys := map[string]action{}, map[string]resourceType{}, map[string]key{}
	for file, into := range map[string]any{"actions": &actions, "resourceTypes": &resources, "conditionKeys": &keys} {
		if err := decode(files, "data/"+file+"/"+prefix+".json", into); err != nil {
			return nil, err
		}
	}
	s.Actions = sorted(actions, func(a action) string { return a.Name })
	s.Resources = sorted(resources, func(r resourceType) string { return r.Name })
	s.Keys = sorted(keys, func(k key) string { return k.Name })
	for i := range s.Keys {
		s.Keys[i].Name = variable(s.Keys[i].Name)
	}
	return s, nil
}

// sorted returns the values of a map in the order of their lower-cased names, which is the order in which they are looked up.
func sorted[V any](values map[string]V, name func(V) string) []V {
	var list []V
	for _, v := range values {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b V) int {
		return strings.Compare(strings.ToLower(name(a)), strings.ToLower(name(b)))
	})
	return list
}

// The package keeps global keys in a source file, not in its data.
var globalKey = regexp.MustCompile(`key: '([^']+)',\s*category: '[^']+',\s*type: '([^']+)'`)

func readGlobal(source string) ([]key, error) {
	keys := map[string]key{}
	for _, match := range globalKey.FindAllStringSubmatch(source, -1) {
		name := variable(match[1])
		keys[name] = key{Name: name, Type: match[2]}
	}
	if len(keys) < 40 {
		return nil, fmt.Errorf("found only %d global condition keys", len(keys))
	}
	return sorted(keys, func(k key) string { return k.Name }), nil
}

// variable spells the variable part of a key name in one way: AWS has ${TagKey}, tag-key and <key> on different pages.
func variable(name string) string {
	for _, spelling := range []string{"/tag-key", "/<key>"} {
		if head, found := strings.CutSuffix(name, spelling); found {
			return head + "/${TagKey}"
		}
	}
	return name
}
