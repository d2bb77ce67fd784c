/**
 * Elliptic-curve work (P-256 only) on the fastest provider that this machine can load. Digests and AES-GCM stay on the
 * JDK, whose own are as fast.
 */
@Export
@Version("0.1.0")
package org.postern.ecprovider;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
