/**
 * The User Gateway Services Schedule as data, and the small vocabulary (EUI-64, User Role, Command Variant, fault)
 * that every other room shares.
 */
@Export
@Version("0.1.0")
package org.postern.catalogue;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
