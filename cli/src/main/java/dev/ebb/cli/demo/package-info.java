/// `ebb demo`: the same service replaced under the same load, without Ebb, with a guessed wait, and
/// with Ebb. Start at: Demo.
@NullMarked
package dev.ebb.cli.demo;

import org.jspecify.annotations.NullMarked;
