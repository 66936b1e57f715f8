// Command tfprovider is a Terraform provider that knows a real provider's schema and nothing else.
//
// `tofu validate` and `tofu test` with mock_provider ask a provider for its schema; OpenTofu itself
// then checks every name, type, required attribute and block count against it. With this program they work
// where the provider registry is out of reach. What a real provider checks on top (allowed values, formats,
// attributes that exclude each other) is NOT checked, and nothing can be planned or applied.
//
// The schema is read from schema.json beside the executable, in the form that `terraform providers schema -json` prints.
// TFPROVIDER_TYPES names the types to have: a whole cloud's schema takes OpenTofu seconds to read, each time that it starts a provider.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
)

func main() {
	self, err := os.Executable()
	must(err)
	data, err := os.ReadFile(filepath.Join(filepath.Dir(self), "schema.json"))
	must(err)
	name, response, err := decode(data, strings.Fields(os.Getenv("TFPROVIDER_TYPES")))
	must(err)
	must(tf5server.Serve(name, func() tfprotov5.ProviderServer { return &server{schema: response} }))
}

func must(err error) {
	if err != nil {
		log.Fatalln("tfprovider:", err)
	}
}

// server answers the questions that validation asks. The embedded interface is nil: a call that
// would need the real provider (a plan, apply or read that is not mocked) ends this process, and so the command, with an error.
type server struct {
	tfprotov5.ProviderServer
	schema *tfprotov5.GetProviderSchemaResponse
}

func (s *server) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return s.schema, nil
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (s *server) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (s *server) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (s *server) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

// UpgradeResourceState hands a state back as it came: `tofu test` asks for it when it clears mocked resources away.
func (s *server) UpgradeResourceState(_ context.Context, r *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	resource, ok := s.schema.ResourceSchemas[r.TypeName]
	if !ok {
		return nil, fmt.Errorf("no resource type %s", r.TypeName)
	}
	state, err := r.RawState.Unmarshal(resource.ValueType())
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov5.NewDynamicValue(resource.ValueType(), state)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (s *server) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}
