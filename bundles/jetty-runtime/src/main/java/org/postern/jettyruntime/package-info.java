/** HTTP listeners on top of Jetty, and a pool of persistent client connections on top of Apache HttpCore. */
@Export
@Version("2.0.0")
package org.postern.jettyruntime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
