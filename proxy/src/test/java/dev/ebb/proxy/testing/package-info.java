/// What tests of several packages share. Start at: NoLeaks.
@NullMarked
package dev.ebb.proxy.testing;

import org.jspecify.annotations.NullMarked;
