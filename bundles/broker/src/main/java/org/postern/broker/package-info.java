/** The message broker: embedded Artemis, or the connection to an external one. */
@Export
@Version("1.0.0")
package org.postern.broker;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
