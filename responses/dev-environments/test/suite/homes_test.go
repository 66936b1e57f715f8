package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// homesFrom has the homes of what is launched from now on come from this storage class.
func homesFrom(class string) {
	GinkgoHelper()
	kubectl("patch", "configmap", "environments", "-n", "platform", "-p", fmt.Sprintf(`{"data": {"storageClass": %q}}`, class))
}

// homes makes a storage class with n volumes on the real node, and has devEnv use it.
func homes(n int) {
	GinkgoHelper()
	directory, err := os.MkdirTemp("/var/lib", "homes-")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(os.RemoveAll, directory)
	Expect(os.Chmod(directory, 0o755)).To(Succeed())
	for i := range n {
		Expect(os.Mkdir(fmt.Sprintf("%s/%d", directory, i), 0o755)).To(Succeed())
	}
	volumes(filepath.Base(directory), n, "local: {path: "+directory+"/%d}", "{key: kubernetes.io/hostname, operator: In, values: [realnode]}")
}

// volumes makes a storage class with n volumes on these nodes, and has devEnv use it; place says where one is, by its number.
func volumes(class string, n int, place, nodes string) {
	GinkgoHelper()
	var manifests strings.Builder
	fmt.Fprintf(&manifests, `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: %s}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
`, class)
	for i := range n {
		fmt.Fprintf(&manifests, `---
apiVersion: v1
kind: PersistentVolume
metadata: {name: %[1]s-%[2]d, labels: {storage: %[1]s}}
spec:
  capacity: {storage: 500Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: %[1]s
  %[3]s
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [%[4]s]}]}}
`, class, i, strings.Replace(place, "%d", fmt.Sprint(i), 1), nodes)
	}
	apply(manifests.String())
	homesFrom(class)
	DeferCleanup(func() {
		kubectl("delete", "--raw", "/api/v1/persistentvolumes?labelSelector=storage%3D"+class) // all in one request
		kubectl("delete", "storageclass", class)
	})
}

// homesIn is homes for kwok's nodes in a zone, where nothing real starts: volumes with nothing in them.
func homesIn(zone string, n int) {
	GinkgoHelper()
	volumes(zone, n, "hostPath: {path: /nowhere}", "{key: topology.kubernetes.io/zone, operator: In, values: ["+zone+"]}")
}
