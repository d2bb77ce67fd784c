/** Facts about devices and parties, from the DCC's inventory and local files. */
@Export
@Version("0.1.0")
package org.postern.inventory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
