/** Answers on the port of the HTTP interface while its routes are not running. */
@Export
@Version("1.0.0")
package org.postern.unavailable;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
