/// Puts the proxy into pods; no code yet: it comes with injection.
@NullMarked
package dev.ebb.injector;

import org.jspecify.annotations.NullMarked;
