/// The registry file: read into values of the model, watched for edits. Start at: RegistryWatch.
@NullMarked
package dev.ebb.controlplane.registry;

import org.jspecify.annotations.NullMarked;
