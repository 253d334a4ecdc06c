/// The admin server of every Ebb process, on its own threads. Start at: AdminServer.
@NullMarked
package dev.ebb.admin;

import org.jspecify.annotations.NullMarked;
