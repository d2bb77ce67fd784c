/** The settings of every bundle as data: what its metatype says of each, and the forms that values may have. */
@Export
@Version("0.1.0")
package org.postern.catalogue.settings;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
