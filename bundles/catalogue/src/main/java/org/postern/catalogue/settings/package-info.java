/** The settings of every bundle as data: their definitions in the metatype, and the forms of values. */
@Export
@Version("0.1.0")
package org.postern.catalogue.settings;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
