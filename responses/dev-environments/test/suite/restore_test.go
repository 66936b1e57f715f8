package suite

import (
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = It("restores a home from a snapshot", func() {
	if _, err := exec.LookPath("csi-hostpath"); err != nil {
		Skip("there is no CSI driver: neither GitHub nor a clone of it was there; try: CLONES=a folder with clones")
	}
	startDriver()
	apply(edited("deploy/storage.yaml", "ebs.csi.aws.com", "hostpath.csi.k8s.io", "parameters: {type: gp3}\n", ""))
	DeferCleanup(kubectl, "delete", "storageclass/gp3-retain", "volumesnapshotclass/homes")
	namespace := team("restore", "general")
	homesFrom("gp3-retain")
	inside := func(command string) string {
		return kubectl("exec", "study-0", "-n", namespace, "--", "sh", "-c", command)
	}

	devEnv("launch", "study", "--team", "restore", "--owner", "dev-a", "--cpu", "1", "--memory", "2Gi")
	DeferCleanup(kubectl, "delete", "statefulset", "study", "-n", namespace)
	inside("echo before >~/file; sync")
	apply(`
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: study-1, namespace: team-restore}
spec: {volumeSnapshotClassName: homes, source: {persistentVolumeClaimName: home-study}}
`)
	DeferCleanup(kubectl, "delete", "volumesnapshot", "study-1", "-n", namespace)
	kubectl("wait", "volumesnapshot/study-1", "-n", namespace, "--for=jsonpath={.status.readyToUse}=true", "--timeout=3m")
	inside("echo after >~/file")

	must(root+"/deploy/restore.sh", "restore", "study", "study-1")
	Expect(devEnv("wake", "study", "--team", "restore")).To(ContainSubstring("is ready"))
	Expect(inside("cat ~/file")).To(Equal("before"))
	Expect(kubectl("get", "pv", "-o", "jsonpath={.items[*].status.phase}")).To(ContainSubstring("Released"))
	Expect(devEnv("list", "--team", "restore")).To(MatchRegexp(`study +dev-a .* ready +10Gi`))
})

// startDriver starts a CSI driver on the node, with what makes volumes and snapshots.
func startDriver() {
	GinkgoHelper()
	for _, kind := range []string{"volumesnapshots", "volumesnapshotcontents", "volumesnapshotclasses"} {
		kubectl("apply", "--server-side", "-f", "/usr/local/bin/snapshot.storage.k8s.io_"+kind+".yaml")
		kubectl("wait", "crd/"+kind+".snapshot.storage.k8s.io", "--for=condition=Established", "--timeout=3m")
	}
	apply(`
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: hostpath.csi.k8s.io}
spec: {attachRequired: false, podInfoOnMount: true, fsGroupPolicy: File}
`)
	const folder = "/var/lib/kubelet/plugins/csi-hostpath"
	const socket = folder + "/csi.sock"
	const config = "--kubeconfig=/etc/kubernetes/admin.conf"
	must("mkdir", "-p", filepath.Join(folder, "data"))
	start("csi-hostpath", "--drivername=hostpath.csi.k8s.io", "--endpoint=unix://"+socket, "--nodeid=realnode", "--statedir="+folder+"/data")
	start("csi-registrar", "--csi-address="+socket, "--kubelet-registration-path="+socket, "--plugin-registration-path=/var/lib/kubelet/plugins_registry")
	start("csi-provisioner", config, "--csi-address="+socket)
	start("csi-snapshotter", config, "--csi-address="+socket)
	start("snapshot-controller", config)
	Eventually(kubectl).WithArguments("get", "csinode", "realnode", "-o", "jsonpath={.spec.drivers[*].name}").Should(Equal("hostpath.csi.k8s.io"))
}
