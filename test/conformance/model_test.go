package conformance_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A model is what botocore knows of a service: its file service-2.json.
type model struct {
	Metadata struct {
		XMLNamespace string `json:"xmlNamespace"`
	} `json:"metadata"`
	Operations map[string]modelOperation `json:"operations"`
	Shapes     map[string]shape          `json:"shapes"`
}

type modelOperation struct {
	Output *struct {
		Shape         string `json:"shape"`
		ResultWrapper string `json:"resultWrapper"`
	} `json:"output"`
	Errors []reference `json:"errors"`
}

type reference struct {
	Shape        string `json:"shape"`
	LocationName string `json:"locationName"`
}

type shape struct {
	Type      string               `json:"type"`
	Required  []string             `json:"required"`
	Members   map[string]reference `json:"members"`
	Member    reference            `json:"member"`
	Key       reference            `json:"key"`
	Value     reference            `json:"value"`
	Flattened bool                 `json:"flattened"`
	Enum      []string             `json:"enum"`
	Pattern   string               `json:"pattern"`
	Min       *float64             `json:"min"`
	Max       *float64             `json:"max"`
	Error     *struct {
		Code           string `json:"code"`
		HTTPStatusCode int    `json:"httpStatusCode"`
	} `json:"error"`
}

// readModel reads the newest model of a service from botocore's data folder.
func readModel(data, service string) (*model, error) {
	files, err := filepath.Glob(filepath.Join(data, service, "*", "service-2.json*"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no model of %s in %s", service, data)
	}
	slices.Sort(files)
	text, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(files[len(files)-1], ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		if text, err = io.ReadAll(z); err != nil {
			return nil, err
		}
	}
	m := new(model)
	return m, json.Unmarshal(text, m)
}

// declared returns the error of that code which the model declares for an operation, and whether it does.
func (m *model) declared(operation, code string) (shape, bool) {
	for _, ref := range m.Operations[operation].Errors {
		s := m.Shapes[ref.Shape]
		if s.Error != nil && s.Error.Code == code || s.Error == nil && ref.Shape == code {
			return s, true
		}
	}
	return shape{}, false
}
