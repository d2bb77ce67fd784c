/**
 * The security log: who did what with which effect, in a hash chain that shows later change. An entry is durable before
 * the effect that it describes.
 */
@Export
@Version("0.1.0")
package org.postern.securitylogging;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
