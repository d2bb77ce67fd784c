/** Files that commands and interfaces may open, generated secrets, and whether the appliance as a whole is ready. */
@Export
@Version("1.0.0")
package org.postern.appliance;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
