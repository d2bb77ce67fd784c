/**
 * The security log: who did what with which result, in a hash chain that makes later changes evident. A record is on
 * disk before the operation that it describes takes effect.
 */
@Export
@Version("0.1.0")
package org.postern.securitylogging;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
