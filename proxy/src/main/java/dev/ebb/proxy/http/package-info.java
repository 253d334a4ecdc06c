/// What both directions do to HTTP messages: private headers, error responses, access log. Start
/// at: ErrorResponses, AccessLog.
@NullMarked
package dev.ebb.proxy.http;

import org.jspecify.annotations.NullMarked;
