package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/// Asks the API server what we may do, in all namespaces. Everybody who has been authenticated may
/// ask. Blocks.
///
/// @see <a
///   href="https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access">Checking
///   API access</a>
final class ApiRights implements RightsCheck.Rights {
    private final KubernetesClient client;

    ApiRights(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public boolean has(Right right) {
        SelfSubjectAccessReview review =
                client.authorization()
                        .v1()
                        .selfSubjectAccessReview()
                        .create(
                                new SelfSubjectAccessReviewBuilder()
                                        .withNewSpec()
                                        .withNewResourceAttributes()
                                        .withVerb(right.verb())
                                        .withResource(right.resource())
                                        .withGroup(right.group())
                                        .endResourceAttributes()
                                        .endSpec()
                                        .build());
        return review.getStatus() != null && Boolean.TRUE.equals(review.getStatus().getAllowed());
    }
}
