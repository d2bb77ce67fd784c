/** The life cycle of a Service Request: admit, sign, send, correlate, receive, process, deliver; and the User Roles. */
@Export
@Version("0.1.0")
package org.postern.servicerequests;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
