/** Jetty and Apache HttpCore for the rooms that listen and call, and connections to a server that are kept. */
@Export
@Version("1.0.0")
package org.postern.jettyruntime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
