/// The application that the suite puts into pods: a web service, a raw client, a relay and a job,
/// each telling what it sees on standard output. Start at: Main.
@NullMarked
package dev.ebb.e2e.app;

import org.jspecify.annotations.NullMarked;
