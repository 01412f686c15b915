/** What a kubelet is elsewhere: runs pods as processes of this machine. */
package hu.mtmt.besorol.local.kubelet;
