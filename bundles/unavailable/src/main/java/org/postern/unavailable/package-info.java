/** The port of the HTTP interface, which is answered while its routes are not there. */
@Export
@Version("1.0.0")
package org.postern.unavailable;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
