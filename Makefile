# One recipe for each daily act, thin over ./mvnw and ./ebb. `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: help fmt lint test it demo images images-check bench-quick cluster-up cluster-down cluster-given e2e

MVN := ./mvnw -B -ntp -q
JAVA = $$(bin/find-jdk)/bin/java
# `make e2e E2E=JobE2E` runs one class.
E2E ?=

help: ## Lists the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

fmt: ## Formats all sources
	JAVA_HOME=$$(bin/find-jdk) $(MVN) spotless:apply

lint: ## Compiles with every check and looks at the format, without tests
	JAVA_HOME=$$(bin/find-jdk) $(MVN) -DskipTests verify

test: ## Unit and property tests
	$(MVN) test

it: ## All tests, also those with real sockets and real processes
	$(MVN) verify

demo: ## Shows the promise on this machine
	./ebb demo

images: ## Builds the container images, into deploy/images/target
	deploy/images/build

images-check: images ## Builds the images a second time and looks into them
	deploy/images/check

bench-quick: ## Measures the proxy beside haproxy, nginx and Envoy, in three minutes
	$(MVN) -pl bench,proxy,control-plane -am -Dmaven.test.skip=true package
	bench/peers
	$(JAVA) -cp 'bench/target/app/lib/*' dev.ebb.bench.Main

cluster-up: ## A kind cluster, from package registries alone (e2e/kind/README.md); keeps it running
	e2e/kind/cluster-up

cluster-down: ## Deletes the kind cluster and puts back what it changed on this machine
	e2e/kind/cluster-down

cluster-given:
	@test -r '$(EBB_KUBECONFIG)' || { echo 'e2e: EBB_KUBECONFIG=$(EBB_KUBECONFIG) cannot be read (expected: the kubeconfig of a cluster that has the images); the e2e tests cannot run' >&2; exit 69; }

e2e: $(if $(EBB_KUBECONFIG),cluster-given,cluster-up) images ## Proves the promises on a real cluster: cluster-up, images, the suite
	e2e/run '$(E2E)'
