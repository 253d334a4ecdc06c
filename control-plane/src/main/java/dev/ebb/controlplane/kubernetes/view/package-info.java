/// What Services, EndpointSlices and Pods say together: names, endpoints and their states; pure.
/// Start at: ClusterView.
@NullMarked
package dev.ebb.controlplane.kubernetes.view;

import org.jspecify.annotations.NullMarked;
