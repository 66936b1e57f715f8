package suite

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/api"
	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"sigs.k8s.io/yaml"
)

// Hours become seconds. A clock that a start of the pod resets ("15 * 60") has to be longer than what bridges a missed scrape
// ("[5m]"), and that longer than the ten to fifteen seconds in which the kubelet measures again.
var shortened = []string{
	"interval: 1m", "interval: 2s",
	"[5m]", "[60s]",
	"15 * 60", "70",
	"for: 4h", "for: 20s",
	"for: 24h", "for: 60s",
	"for: 1h", "for: 20s",
}

// edited returns a file of the answer with each old text replaced by the new one that follows it. All of them must be there.
func edited(file string, oldnew ...string) string {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Join(root, file))
	Expect(err).NotTo(HaveOccurred())
	text := string(content)
	for i := 0; i < len(oldnew); i += 2 {
		Expect(text).To(ContainSubstring(oldnew[i]), file)
		text = strings.ReplaceAll(text, oldnew[i], oldnew[i+1])
	}
	return text
}

// temporary writes a file that is there until the spec (or the container) ends.
func temporary(name, content string) string {
	GinkgoHelper()
	path := filepath.Join(GinkgoT().TempDir(), name)
	Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	return path
}

// answers waits until a server says that it is ready.
func answers(ctx SpecContext, url string) {
	GinkgoHelper()
	Eventually(func() (*http.Response, error) {
		response, err := http.Get(url)
		if err == nil {
			response.Body.Close()
		}
		return response, err
	}).WithContext(ctx).Should(HaveHTTPStatus(http.StatusOK))
}

// metrics is where Prometheus answers.
const metrics = "http://127.0.0.1:9090"

// startPrometheus starts kube-state-metrics and Prometheus with the answer's rules, in shortened times.
func startPrometheus(ctx SpecContext) {
	GinkgoHelper()
	start("kube-state-metrics", "--kubeconfig", os.Getenv("KUBECONFIG"), "--resources=nodes,pods,statefulsets",
		"--metric-labels-allowlist", strings.Join(stack().State.Labels, ","), "--metric-annotations-allowlist", strings.Join(stack().State.Annotations, ","))
	answers(ctx, "http://127.0.0.1:8080/healthz")

	rules := temporary("rules.yaml", edited("deploy/rules/environments.yaml", shortened...))
	// As the operator makes it of the PodMonitors, and as kube-prometheus-stack has it.
	config := temporary("prometheus.yaml", fmt.Sprintf(`
global: {scrape_interval: 2s}
rule_files: [%s]
alerting:
  alertmanagers:
    - static_configs: [{targets: ["127.0.0.1:9093"]}]
scrape_configs:
  - job_name: kube-state-metrics
    honor_labels: true
    static_configs: [{targets: ["127.0.0.1:8080"]}]
  - job_name: kubelet
    honor_labels: true
    scheme: https
    metrics_path: /metrics/cadvisor
    tls_config: &tls {ca_file: /etc/kubernetes/pki/ca.crt, cert_file: /etc/kubernetes/pki/apiserver-kubelet-client.crt, key_file: /etc/kubernetes/pki/apiserver-kubelet-client.key}
    static_configs: &kubelets [{targets: ["10.99.0.1:10250"]}]
    metric_relabel_configs: # the chart drops cgroups without a pod
      - {action: drop, source_labels: [id, pod], regex: ".+;"}
  - job_name: kubelet-resource
    honor_labels: true
    scheme: https
    metrics_path: %s
    tls_config: *tls
    static_configs: *kubelets
  - job_name: sleep
    honor_labels: true
    static_configs: [{targets: ["%s:8080"]}]
  - job_name: environments
    kubernetes_sd_configs: [{role: pod, kubeconfig_file: %s}]
    relabel_configs:
      - {action: keep, source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_name], regex: environment}
      - {action: keep, source_labels: [__meta_kubernetes_pod_container_port_name], regex: metrics}
      - {action: drop, source_labels: [__meta_kubernetes_pod_phase], regex: (Failed|Succeeded)}
      - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
      - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
`, rules, stack().Kubelet.ServiceMonitor.ResourcePath, kubectl("get", "service", "sleep", "-n", "platform", "-o", "jsonpath={.spec.clusterIP}"), os.Getenv("KUBECONFIG")))
	start("prometheus", "--config.file", config, "--storage.tsdb.path", GinkgoT().TempDir(), "--log.level=warn")
	answers(ctx, metrics+"/-/ready")
}

// stack is the values for kube-prometheus-stack, as the cluster has it.
func stack() (values struct {
	State struct {
		Labels      []string `json:"metricLabelsAllowlist"`
		Annotations []string `json:"metricAnnotationsAllowList"`
	} `json:"kube-state-metrics"`
	Kubelet struct {
		ServiceMonitor struct{ ResourcePath string }
	}
}) {
	GinkgoHelper()
	Expect(yaml.Unmarshal([]byte(edited("monitoring/kube-prometheus-stack.yaml")), &values)).To(Succeed())
	return values
}

// query asks Prometheus for an instant.
func query(expression string) (model.Vector, error) {
	client, err := api.NewClient(api.Config{Address: metrics})
	if err != nil {
		return nil, err
	}
	value, _, err := promv1.NewAPI(client).Query(context.Background(), expression, time.Now())
	if err != nil {
		return nil, err
	}
	return value.(model.Vector), nil
}
