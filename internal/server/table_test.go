package server_test

import (
	"testing"

	"github.com/ambit-iam/ambit/internal/server"
	"github.com/ambit-iam/ambit/internal/service"
)

func table(t *testing.T) *service.Table {
	t.Helper()
	made, err := server.Table()
	if err != nil {
		t.Fatal(err)
	}
	return made
}
