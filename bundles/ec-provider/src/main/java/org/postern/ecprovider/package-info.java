/**
 * Elliptic-curve operations (P-256 only) with the fastest provider that can be loaded. Digests and AES-GCM use the JDK,
 * which is as fast.
 */
@Export
@Version("0.1.0")
package org.postern.ecprovider;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
