/** The simulated devices: what they hold, and what they do with commands. */
@Export
@Version("1.0.0")
package org.postern.simulator.devices;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
