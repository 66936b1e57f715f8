package environments

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// A label's value may hold letters, digits, '-', '.' and '_': what else a name has is written with underscores. Two people never get
// the same label. ../deploy/templates/owner.yaml writes it the same way.
var escapes = strings.NewReplacer("_", "__", "@", "_at_", "'", "_27_", "+", "_2b_", "&", "_26_", ":", "_3a_", "/", "_2f_")

var names = strings.NewReplacer("__", "_", "_at_", "@", "_27_", "'", "_2b_", "+", "_26_", "&", "_3a_", ":", "_2f_", "/")

// Handle is a person's name in labels, keys, mails and records: what the API server calls them, without the prefix of the company's
// directory. oidc:o'brien@example.com is o_27_brien_at_example.com.
func Handle(prefix, username string) (string, error) {
	handle := escapes.Replace(strings.ToLower(strings.TrimPrefix(username, prefix)))
	if wrong := validation.IsValidLabelValue(handle); len(wrong) > 0 || handle == "" {
		return "", &Error{fmt.Sprintf("'%s' cannot own environments: as a label it is '%s', and that is not valid", username, handle),
			"another name in the company's directory: at most 63 letters and digits, with -._'+&@ between them"}
	}
	return handle, nil
}

// Name is the person behind a handle, as they write themselves.
func Name(handle string) string { return names.Replace(handle) }
