/// The small web service that the demo replaces: an ordinary application that ends well on TERM and
/// knows nothing of a mesh. Start at: Web.
@NullMarked
package dev.ebb.cli.demo.web;

import org.jspecify.annotations.NullMarked;
