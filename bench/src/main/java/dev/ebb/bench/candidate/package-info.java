/// The proxies that are measured and how each is started with the same task. Start at: Candidate.
@NullMarked
package dev.ebb.bench.candidate;

import org.jspecify.annotations.NullMarked;
