/** HTTP listeners made of Jetty, and connections to a server that stay open, made of Apache HttpCore. */
@Export
@Version("1.1.0")
package org.postern.jettyruntime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
